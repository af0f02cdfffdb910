package entra

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"pushdesk/powerbi/practice/tenant"
)

// Resource is the Power BI resource of the public cloud.
const Resource = "https://analysis.windows.net/powerbi/api"

// PowerBIAppID is the same resource by the ID of its application.
const PowerBIAppID = "00000009-0000-0000-c000-000000000000"

// GraphResource is the resource of tokens for Microsoft Graph.
const GraphResource = "https://graph.microsoft.com"

// isPowerBI reports whether a resource or audience means Power BI.
func isPowerBI(text string) bool {
	text = strings.TrimSuffix(text, "/")
	return strings.EqualFold(text, Resource) || strings.EqualFold(text, PowerBIAppID)
}

// issuer makes and checks the tokens of a tenant.
type issuer struct {
	tenant *tenant.Tenant
	key    signingKey
	life   time.Duration // of an access token
}

// grant is what a token is issued for.
type grant struct {
	app        *tenant.App
	user       *tenant.User // nil for an app of its own
	scopes     []string
	credential string // appidacr: 0 none, 1 secret, 2 certificate
	audience   string // "" for Power BI
}

// sign makes a JWT with the tenant's key.
func (i *issuer) sign(claims jwt.MapClaims) (string, error) {
	key, err := i.key()
	if err != nil {
		return "", err
	}
	t := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	id := keyID(&key.PublicKey)
	t.Header["x5t"], t.Header["kid"] = id, id
	return t.SignedString(key)
}

// parse reads a token that this issuer signed, by the service's clock.
func (i *issuer) parse(token string, claims jwt.Claims, now time.Time, options ...jwt.ParserOption) error {
	options = append(options, jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(func() time.Time { return now }))
	_, err := jwt.NewParser(options...).ParseWithClaims(token, claims, func(*jwt.Token) (any, error) {
		key, err := i.key()
		if err != nil {
			return nil, err
		}
		return (*rsa.PublicKey)(&key.PublicKey), nil
	})
	return err
}

// accessToken makes a token as Power BI's look: version 1, with appid and no
// scp or roles when an app asks for itself.
func (i *issuer) accessToken(now time.Time, g grant) (string, error) {
	from := "https://sts.windows.net/" + i.tenant.ID + "/"
	claims := jwt.MapClaims{
		"aud": cmp.Or(g.audience, Resource), "iss": from, "tid": i.tenant.ID, "ver": "1.0",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(i.life).Unix(),
		"appid": g.app.ClientID, "appidacr": g.credential, "uti": i.tokenID(),
	}
	if g.user == nil {
		claims["idp"], claims["idtyp"], claims["oid"], claims["sub"] = from, "app", g.app.ObjectID, g.app.ObjectID
	} else {
		claims["idtyp"], claims["oid"], claims["sub"] = "user", g.user.ID, g.user.ID
		claims["scp"] = strings.Join(g.scopes, " ")
		claims["upn"], claims["unique_name"], claims["name"] = g.user.UPN, g.user.UPN, g.user.Name
	}
	return i.sign(claims)
}

// idToken makes the token that tells a client who signed in.
func (i *issuer) idToken(now time.Time, origin string, g grant, nonce string) (string, error) {
	claims := jwt.MapClaims{
		"aud": g.app.ClientID, "iss": origin + "/" + i.tenant.ID + "/v2.0", "tid": i.tenant.ID, "ver": "2.0",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(i.life).Unix(),
		"oid": g.user.ID, "sub": g.user.ID, "name": g.user.Name, "preferred_username": g.user.UPN,
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	return i.sign(claims)
}

// tokenID makes the uti claim. It looks like any other, and carries the generation,
// so that all tokens of one can be revoked.
func (i *issuer) tokenID() string {
	i.tenant.Lock()
	generation := i.tenant.Generation
	i.tenant.Unlock()
	var b [16]byte
	binary.BigEndian.PutUint32(b[:4], generation)
	rand.Read(b[4:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func generationOf(tokenID string) (uint32, bool) {
	b, err := base64.RawURLEncoding.DecodeString(tokenID)
	if err != nil || len(b) != 16 {
		return 0, false
	}
	return binary.BigEndian.Uint32(b[:4]), true
}

// refreshLife is the documented life of a refresh token.
const refreshLife = 90 * 24 * time.Hour

const refreshAudience = "practice-refresh"

// refreshClaims are inside a refresh token, so that it outlives the service
// without being kept anywhere. To a client it is just text.
type refreshClaims struct {
	jwt.RegisteredClaims
	AppID      string `json:"app"`
	Asked      string `json:"asked"`
	Generation uint32 `json:"generation"`
}

func (i *issuer) refreshToken(now time.Time, g grant, asked []string) (string, error) {
	i.tenant.Lock()
	generation := i.tenant.Refreshes
	i.tenant.Unlock()
	return i.sign(jwt.MapClaims{"aud": refreshAudience, "sub": g.user.ID, "jti": tenant.NewGUID(),
		"exp": now.Add(refreshLife).Unix(), "app": g.app.ClientID,
		"asked": strings.Join(asked, " "), "generation": generation})
}

// Caller is whom an access token was issued to.
type Caller struct {
	ObjectID string
	Name     string
	IsApp    bool
	Scopes   []string // of a user's token
}

type accessClaims struct {
	jwt.RegisteredClaims
	TenantID string `json:"tid"`
	AppID    string `json:"appid"`
	ObjectID string `json:"oid"`
	IDType   string `json:"idtyp"`
	Scopes   string `json:"scp"`
	TokenID  string `json:"uti"`
}

// Verify checks an access token for Power BI by the service's clock. problem is what
// the header x-powerbi-error-info says of a bad one. A revoked token is answered like
// an expired one.
func (i *issuer) Verify(token string, now time.Time) (c Caller, problem string) {
	return i.verify(isPowerBI, token, now)
}

// verify is Verify for tokens of any resource.
func (i *issuer) verify(audience func(string) bool, token string, now time.Time) (c Caller, problem string) {
	var claims accessClaims
	err := i.parse(token, &claims, now)
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return c, "TokenExpired"
	case err != nil || !slices.ContainsFunc(claims.Audience, audience):
		return c, "InvalidToken"
	}
	i.tenant.Lock()
	defer i.tenant.Unlock()
	generation, ok := generationOf(claims.TokenID)
	if !ok || !strings.EqualFold(claims.TenantID, i.tenant.ID) {
		return c, "InvalidToken"
	}
	if generation < i.tenant.Generation {
		return c, "TokenExpired"
	}
	c = Caller{ObjectID: claims.ObjectID, IsApp: claims.IDType == "app", Scopes: strings.Fields(claims.Scopes)}
	if a := i.tenant.App(claims.AppID); a != nil && c.IsApp {
		c.Name = a.Name
	} else if u := i.tenant.User(claims.ObjectID); u != nil && !c.IsApp {
		c.Name = u.UPN
	} else {
		return c, "InvalidToken" // the app or the user is gone
	}
	return c, ""
}
