package connection

import "testing"

func TestLookAlike(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://login.microsoftonline.com": false, "https://wabi-x.analysis.windows.net": false, "https://login.example.com": false, "https://127.0.0.1:8443": false,
		"https://identity.contoso.de": false, "https://pbi-proxy.contoso.com": false,
		"https://login.microsoftonline.com.evil.com": true, "https://login-microsoftonline.com": true, "https://login.micros0ftonline.com": true, "https://login.rnicrosoftonline.com": true,
		"https://login.microsoftonline.co": true, "https://lоgin.microsoftonline.com.ru": true, "https://login.miсrosoftonline.com": true, "https://xn--lgin-5ve.example.com": true,
		"https://api.powerbi.com.example.org": true, "https://api.powerbl.com": true, "https://microsoft.example.com": true,
		"https://münchen.example.com": false, "https://почта.example.com": false, "https://日本語login.example.com": false, // a word in one alphabet, or in those that are written together
		"https://lоgin.example.com": true, "https://contοso.example.com": true, "https://ѕecure.contoso.com": true, "https://contosо.com": true, // two alphabets in one word
		"https://mícrosöft.example.com": true, "https://m\u0131crosoft.example.com": true, "https://ｍｉｃｒｏｓｏｆｔ.example.com": true,
		"https://login.windows.net": false, "https://x.servicebus.windows.net": true, "https://login.x.chinanorth.cloudapp.chinacloudapi.cn": true, "https://x.usgovcloudapi.net": true,
	} {
		if got := LookAlike(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	c := Connection{Cloud: CloudCustom, LoginURL: "https://login.microsoftonline.com.evil.com", APIURL: "https://login.microsoftonline.com.evil.com"}
	if hosts := LookAlikes(c); len(hosts) != 1 || hosts[0] != "login.microsoftonline.com.evil.com" {
		t.Errorf("%q", hosts)
	}
	if c.Cloud = CloudPublic; LookAlikes(c) != nil {
		t.Error("a named cloud has no addresses of its own")
	}
}
