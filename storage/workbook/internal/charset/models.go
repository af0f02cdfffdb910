package charset

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// page is an encoding with one byte a letter, and the languages that are written in it.
type page struct {
	name  string
	table *charmap.Charmap
	prior float64 // the cost of meeting it at all
	langs []*language
}

// language is the letters of a language beyond ASCII, the most frequent ones first.
type language struct{ cost map[rune]float64 }

func letters(small string) *language {
	l := &language{cost: map[rune]float64{}}
	rank := 0
	for _, r := range small {
		cost := 0.9 + 0.9*math.Log(float64(1+rank))
		if _, known := l.cost[r]; !known {
			l.cost[r] = cost
		}
		if up := unicode.ToUpper(r); up != r {
			if _, known := l.cost[up]; !known {
				l.cost[up] = cost + 1.2
			}
		}
		rank++
	}
	return l
}

var (
	german     = letters("üäöß")
	french     = letters("éèàêçôîâûùëïœ")
	spanish    = letters("óíáéñúü")
	portuguese = letters("ãçáéíóõêâàú")
	italian    = letters("àèòùéì")
	dutch      = letters("ëéïèóöü")
	swedish    = letters("äöåé")
	danish     = letters("øåæéö")
	icelandic  = letters("íáðéúóöþæý")
	polish     = letters("łóążęśćńź")
	czech      = letters("íáéěýčřžůšúťóňď")
	slovak     = letters("áíéčžýšúľťôóňďäĺŕ")
	hungarian  = letters("éáöóőüíúű")
	romanian   = letters("ăîâşţșț")
	croatian   = letters("čšžćđ")
	baltic     = letters("ėšųžąįčūę")
	latvian    = letters("āīēšļņūžčģķ")
	estonian   = letters("äõüöšž")
	turkish    = letters("ışğüçöİâ")
	russian    = letters("оаеинтсрвлкмдпуяызьбгчйхжшюцщэфъё")
	ukrainian  = letters("оаинівертслкупдямзбьгйчїєхжюшщцфґ")
	hebrew     = letters("יוהלאתרבםשמנקחדעפצגטזסכךףןץ₪")
	arabic     = letters("اليمنترةبوعدسفهكحقجشأطصخىإئثضزذءظغآؤ")
	thai       = letters("านรกเอง่มย้ลวดทัสีตปิบคหะแจพ์ุชขใืไูำึโณผธซศ็ถภ็ญฝๆฐษ๊ฟฏ๋ฉฤฆฎฌฮฯ฿")
	greek      = letters("αοιετνσηρπκμλςυίάόήέώύγδφθχωβξζψϊϋΐΰ")

	western = []*language{german, french, spanish, portuguese, italian, dutch, swedish, danish, icelandic}
	central = []*language{polish, czech, slovak, hungarian, romanian, croatian, german}
	north   = []*language{baltic, latvian, estonian}
)

var pages = []page{
	{"windows-1252", charmap.Windows1252, 0, western},
	{"windows-1250", charmap.Windows1250, 1.5, central},
	{"windows-1251", charmap.Windows1251, 1, []*language{russian, ukrainian}},
	{"windows-1253", charmap.Windows1253, 1, []*language{greek}},
	{"windows-1254", charmap.Windows1254, 1.5, []*language{turkish}},
	{"windows-1257", charmap.Windows1257, 6, north},
	{"iso-8859-2", charmap.ISO8859_2, 3, central},
	{"iso-8859-7", charmap.ISO8859_7, 3, []*language{greek}},
	{"iso-8859-15", charmap.ISO8859_15, 3, western},
	{"macintosh", charmap.Macintosh, 3, western},
	{"ibm850", charmap.CodePage850, 2.5, western},
	{"ibm437", charmap.CodePage437, 3, western},
	{"ibm852", charmap.CodePage852, 3.5, central},
	{"ibm866", charmap.CodePage866, 2.5, []*language{russian}},
	{"koi8-r", charmap.KOI8R, 2, []*language{russian}},
	{"koi8-u", charmap.KOI8U, 2.5, []*language{ukrainian}},
	{"iso-8859-5", charmap.ISO8859_5, 3, []*language{russian, ukrainian}},
	{"x-mac-cyrillic", charmap.MacintoshCyrillic, 3, []*language{russian, ukrainian}},
	{"windows-1255", charmap.Windows1255, 2, []*language{hebrew}},
	{"windows-1256", charmap.Windows1256, 2, []*language{arabic}},
	{"windows-874", charmap.Windows874, 2, []*language{thai}},
}

// eastern is an encoding with two bytes for most letters.
type eastern struct {
	name   string
	table  encoding.Encoding
	common string                         // frequent letters
	costOf func(lead, trail byte) float64 // of a letter that is not frequent
}

const (
	hanziSimple = "的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九性通目华报立马命张活难神数件安表原车白应路期常提感金何更反合放做系计或司利受光王果界及今京务制解各任至清物台记边共风战接特望直服林题建南度统色字请交爱认算论百义科元社术结六功指思非流每青管连远资队带花快条院变联言权展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空众技轻程告江语英基派满式李息写识极令黄德收钱党未持取设始版双历越史商千片容研友站广改议形委早房音火际则首单据导影失网香专石若校读志飞观争究包组造落视济离兴省县号街姓址电话额量客户订产价格伟芳娜秀敏静丽强磊军洋勇艳杰娟涛超霞刚浙苏湖福津陕辽吉黑龙皖鲁豫鄂湘粤桂琼川贵云藏甘宁沪渝赵钱孙吴郑冯陈褚卫蒋沈韩杨朱秦许吕施孔曹魏陶姜戚谢邹喻柏窦章潘葛范彭郎韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬常乐于时傅皮卞齐康伍余顾孟平和穆萧尹"
	hanziFull   = "的一是不了人我在有他這中大來上個國到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市眼體別處總才場師書比住員九台灣省縣區號街路司姓址金額數量期客戶訂單品價格陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾游彭詹胡施沈余盧梁趙顏柯翁魏孫戴范宋方鄧杜傅侯曹薛丁卓馬董唐溫藍蔣石古紀姚連馮歐程湯康姜汪田龔白涂鄒尤巫鐘黎嚴韓袁金童陸夏柳凃邵鎮鄉里村段巷弄樓桃園竹苗栗彰化投雲嘉義南屏宜蘭花蓮澎湖基隆北中高雄"
	kanji       = "日一国会人年大十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今回新場金員九入選立開手米力学問高代明実円関決子動京全目表戦経通外最言氏現理調体化田当八六約主題下首意法不来作性的要用制治度務強気小七成期公野協取都和統以機平総加山思家話世受区領多県続進正安設保改数記院女初北午指権心界支第産結百派点教報済書府活原先共得解名交資予川向際査勝面委告軍文反元重近千考判認画海参売利組知案道信策集在件団別物側任引使求所次水半品昨論計死官増係感特情投示変打男基私各始島直両朝革価式確村提運終挙果西勢減台広容必応演電歳住争談能無再位置企真流格有疑口過局少放税検藤町常校料沢裁状工建語球営空職証土与急止送援供可役構木割聞身費付施切由説転食比難防補車優夫研収断井何南石足違消境神番規術護展態導鮮備宅害配副算視条幹独警宮究育席輸訪楽起万着乗店述残想線率病農州武声質念待試族象銀域助労例衛然早張映限親額監環験追審商葉義伝働形景落欧担好退準賀訴辺造英被株頭技低毎医復仕去姿味負閣韓渡失移差衆個門写評課末守若脳極種美岡影命含福蔵量望松非撃佐核観察整段横融型白深字答夜製票況音申様財港識注呼渉達鈴木斎渡辺伊藤林清森池橋阿石前近坂遠青藤後村橋令和品番単価在庫顧客注文商品番号氏名住所電話府阪奈良庫岡札幌仙台横浜名古屋神戸"
	hangul      = "이다는에의가을를은하고지로서도한기시리자어사인나대아해정그일수보들있라전과부제주장국으구상여원동스문성김조비경소마관공신오무방유회산울특별광역천군길번름화금액량날짜객품격박최강윤임민준영철희숙진현우건업체코드호등명월년판매단총합계록입출고재물류담당처설택배송점포남북충청제양평안용세종포항"
)

var easterns = []eastern{
	{"shift_jis", japanese.ShiftJIS, kanji, func(lead, trail byte) float64 {
		switch {
		case lead == 0x81:
			return 4
		case lead == 0x82, lead == 0x83:
			return 3.2
		case lead >= 0x88 && lead <= 0x98:
			return 5.5
		case lead >= 0x99 && lead <= 0xea:
			return 8.5
		}
		return 11
	}},
	{"euc-jp", japanese.EUCJP, kanji, func(lead, trail byte) float64 {
		switch {
		case lead == 0xa1:
			return 4
		case lead >= 0xa3 && lead <= 0xa5:
			return 3.2
		case lead >= 0xb0 && lead <= 0xcf:
			return 6
		case lead >= 0xd0 && lead <= 0xf4:
			return 9
		}
		return 11
	}},
	{"gb18030", simplifiedchinese.GB18030, hanziSimple, func(lead, trail byte) float64 {
		switch {
		case trail < 0xa1:
			return 11
		case lead == 0xa1, lead == 0xa3:
			return 4.5
		case lead >= 0xb0 && lead <= 0xd7:
			return 5.5
		case lead >= 0xd8 && lead <= 0xf7:
			return 9
		}
		return 11
	}},
	{"big5", traditionalchinese.Big5, hanziFull, func(lead, trail byte) float64 {
		switch {
		case lead >= 0xa1 && lead <= 0xa3:
			return 4.5
		case lead >= 0xa4 && lead <= 0xc6:
			return 5.5
		case lead >= 0xc9 && lead <= 0xf9:
			return 9
		}
		return 12
	}},
	{"euc-kr", korean.EUCKR, hangul, func(lead, trail byte) float64 {
		switch {
		case trail < 0xa1:
			return 10
		case lead >= 0xa1 && lead <= 0xa3:
			return 4.5
		case lead >= 0xb0 && lead <= 0xc8:
			return 5
		case lead >= 0xca && lead <= 0xfd:
			return 9
		}
		return 12
	}},
}

// Costs of what a reading gives, in nats: how unlikely it is in a text.
const (
	costUnknown  = 18.0 // bytes that the encoding does not have
	costControl  = 15.0
	costInWord   = 9.0 // a sign between letters
	costSign     = 5.5
	costForeign  = 7.5 // a letter that no language of the page has
	costCase     = 5.0 // a capital behind a small letter
	costRun      = 2.5 // a fourth letter with a mark in a row
	costMixed    = 1.5 // a letter of another language of the page
	costFrequent = 3.0 // a frequent letter of an East Asian language
)

// cost is how unlikely the text is as one of the page in its best language.
func (p page) cost(text []byte) float64 {
	runes := make([]rune, len(text))
	for i, b := range text {
		if runes[i] = rune(b); b >= utf8.RuneSelf {
			runes[i] = p.table.DecodeByte(b)
		}
	}
	any := map[rune]float64{}
	for _, l := range p.langs {
		for r, c := range l.cost {
			if old, known := any[r]; !known || c < old {
				any[r] = c
			}
		}
	}
	shared := 0.0
	each := make([]float64, len(p.langs))
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return ' '
		}
		return runes[i]
	}
	run := 0 // Latin letters beyond ASCII in a row
	for i, b := range text {
		if b < utf8.RuneSelf {
			run = 0
			continue
		}
		if run++; run > 3 && unicode.Is(unicode.Latin, runes[i]) {
			shared += costRun
		}
		r, before, after := runes[i], at(i-1), at(i+1)
		switch {
		case r == utf8.RuneError:
			shared += costUnknown
		case r < 0xa0:
			shared += costControl
		case !unicode.IsLetter(r) && !unicode.Is(unicode.Thai, r): // whose vowels are marks
			shared += costOfSign(r, before, after)
		default:
			if unicode.IsUpper(r) && unicode.IsLower(before) || unicode.IsLower(r) && unicode.IsUpper(before) && unicode.IsUpper(at(i-2)) {
				shared += costCase
			}
			if !sameScript(r, before) || !sameScript(r, after) {
				shared += costForeign
			}
			general, known := any[r]
			if general += costMixed; !known {
				general = costForeign
			}
			for n, l := range p.langs {
				c, known := l.cost[r]
				if !known || c > general {
					c = general
				}
				each[n] += c
			}
		}
	}
	best := math.Inf(1)
	for _, c := range each {
		best = min(best, c)
	}
	return p.prior + shared + best
}

// costOfSign is the cost of a character that is no letter.
func costOfSign(r, before, after rune) float64 {
	between := unicode.IsLetter(before) && unicode.IsLetter(after)
	switch {
	case r == '’' && unicode.IsLetter(before):
		return 2.5
	case r == '’' && unicode.IsLetter(after):
		return costInWord
	case strings.ContainsRune("\u00a0°€£–—“”„‘’…§²³½·«»®©™±µ¿¡", r) && !between:
		return 3.5
	case r >= 0x2500 && r <= 0x25ff:
		return costInWord
	case between:
		return costInWord
	}
	return costSign
}

// sameScript reports whether two neighbors may stand in one word.
func sameScript(r, beside rune) bool {
	if !unicode.IsLetter(beside) {
		return true
	}
	latin := r < 0x370 || r >= 0x1e00 && r < 0x1f00
	return latin == (beside < 0x370 || beside >= 0x1e00 && beside < 0x1f00)
}

// frequents are the frequent letters of each encoding of easterns.
var frequents = func() (all []map[rune]bool) {
	for _, e := range easterns {
		set := map[rune]bool{}
		for _, r := range e.common {
			set[r] = true
		}
		all = append(all, set)
	}
	return all
}()

// cost is how unlikely the text is in the encoding. frequent are its frequent letters.
func (e eastern) cost(text []byte, frequent map[rune]bool) float64 {
	cost, decoder, half := 2.0, e.table.NewDecoder(), 0
	for i := 0; i < len(text); {
		b := text[i]
		if b < utf8.RuneSelf {
			i, half = i+1, 0
			continue
		}
		if e.name == "shift_jis" && b >= 0xa1 && b <= 0xdf {
			if half++; half == 3 {
				cost -= 2 * 4 // a run of half-width letters is a word
			}
			if cost += 3.8; half < 3 {
				cost += 4
			}
			i++
			continue
		}
		half = 0
		n := 2
		if e.name == "euc-jp" && b == 0x8f {
			n = 3
		}
		if e.name == "gb18030" && i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9' {
			n = 4
		}
		if i+n > len(text) {
			if i+1 < len(text) {
				cost += costUnknown
			}
			break // the sample may end inside a letter
		}
		decoder.Reset()
		var out [8]byte
		written, _, err := decoder.Transform(out[:], text[i:i+n], true)
		r, size := utf8.DecodeRune(out[:written])
		switch {
		case err != nil, r == utf8.RuneError, size != written:
			cost, n = cost+costUnknown, 1
		case frequent[r]:
			cost += costFrequent
		case n > 2, r >= 0xe000 && r < 0xf900:
			cost += 12
		default:
			cost += e.costOf(b, text[i+1])
		}
		i += n
	}
	return cost
}
