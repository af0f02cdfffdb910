package entra

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Claims are what an access token says about itself. They explain; they decide
// nothing, for the token is meant for Power BI and its signature is not checked.
type Claims struct {
	Audience  string   // aud: the resource it is for
	TenantID  string   // tid
	AppID     string   // appid, or azp in tokens of version 2: the client ID
	AppName   string   // app_displayname, which few tokens hold
	ObjectID  string   // oid: of the service principal or the user; a workspace lists it
	IDType    string   // idtyp: "app" or "user"; found out when the token does not say
	Scopes    []string // scp: delegated permissions, never in a token of an app of its own
	Roles     []string // roles: application permissions
	Expires   time.Time
	Issued    time.Time
	NotBefore time.Time
}

// textOrList is a claim that is a text in some tokens and a list in others.
type textOrList []string

func (w *textOrList) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*w = strings.Fields(one)
		return nil
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		return errors.New("a claim is neither a text nor a list")
	}
	*w = list
	return nil
}

// bearer are the claims as the token writes them.
type bearer struct {
	jwt.RegisteredClaims
	TenantID string     `json:"tid"`
	AppID    string     `json:"appid"`
	Azp      string     `json:"azp"`
	AppName  string     `json:"app_displayname"`
	ObjectID string     `json:"oid"`
	IDType   string     `json:"idtyp"`
	Scopes   textOrList `json:"scp"`
	Roles    textOrList `json:"roles"`
}

// longestToken bounds what is read: tokens have a few thousand characters.
const longestToken = 1 << 20

// ReadClaims reads an access token without checking its signature. Access tokens
// are formally opaque, so an error is no proof that the token does not work. The
// error does not hold the token.
func ReadClaims(token string) (Claims, error) {
	if len(token) > longestToken {
		return Claims{}, errors.New("read the token: it is too long")
	}
	var b bearer
	if _, _, err := jwt.NewParser().ParseUnverified(token, &b); err != nil {
		return Claims{}, fmt.Errorf("read the token: %w", err)
	}
	c := Claims{TenantID: b.TenantID, AppID: b.AppID, AppName: b.AppName, ObjectID: b.ObjectID, IDType: b.IDType, Scopes: b.Scopes, Roles: b.Roles,
		Expires: toTime(b.ExpiresAt), Issued: toTime(b.IssuedAt), NotBefore: toTime(b.NotBefore)}
	if len(b.Audience) > 0 {
		c.Audience = b.Audience[0]
	}
	if c.AppID == "" {
		c.AppID = b.Azp
	}
	if c.IDType == "" {
		c.IDType = "app"
		if len(c.Scopes) > 0 {
			c.IDType = "user"
		}
	}
	return c, nil
}

func toTime(d *jwt.NumericDate) time.Time {
	if d == nil {
		return time.Time{}
	}
	return d.UTC()
}
