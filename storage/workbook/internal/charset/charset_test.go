package charset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// spoken are words of a language as they stand in tables, and the encodings it is stored in.
var spoken = []struct {
	name  string
	pages []string
	words string
}{
	{"German", []string{"windows-1252", "ibm850", "ibm437", "macintosh", "iso-8859-15"}, "Größe Straße Müller Köln Jäger Düsseldorf Übergabe Menge Kunde Artikel Schröder Weiß Österreich München Nürnberg Fußball Überweisung Äpfel Käse Brötchen Lastschrift Girokonto Gebühr Prüfung STRAẞE MÜLLER KÖLN Stück Preis Datum Lieferung Rückgabe Händler Zürich Bäckerei Großhandel Wäsche Tür Schlüssel"},
	{"French", []string{"windows-1252", "ibm850", "macintosh", "iso-8859-15"}, "Prénom créée Élodie fiancée Orléans Libellé Montant Débit Crédit numéro été café Genève Hélène François reçu français Noël où déjà Benoît tâche hôtel château forêt pâtisserie crème ÉCOLE MARCHÉ Société générale Besançon Sète Nîmes d’accord l’été élève première catégorie qualité référence désignation unité"},
	{"Spanish", []string{"windows-1252", "ibm850", "macintosh"}, "Año España Muñoz José García Martínez niño compañía dirección teléfono número público Málaga León Cádiz Coruña señor mañana código descripción región población CÓDIGO AÑO información artículo categoría éxito último López Pérez Núñez Ibáñez café jamón"},
	{"Polish", []string{"windows-1250", "iso-8859-2", "ibm852"}, "Łukasz imię nazwisko miejscowość Łódź Kraków Gdańsk Poznań Wrocław Żywiec ulica Świętokrzyska Małgorzata Grażyna Stanisław ilość wartość łącznie sprzedaż źródło dzień miesiąc książka żółty zażółć gęślą jaźń Częstochowa Białystok Rzeszów należność płatność przesyłka"},
	{"Czech", []string{"windows-1250", "iso-8859-2", "ibm852"}, "Příjmení jméno město Plzeň České Budějovice Hradec Králové Dvořák Novák Svobodová Černý Procházka Němec Růžička Kučera Veselý množství částka číslo účet datum splatnosti Třebíč Jiří Tomáš Ondřej Kateřina Lukáš žlutý kůň příliš úpěl ďábelské ódy"},
	{"Hungarian", []string{"windows-1250", "iso-8859-2", "ibm852"}, "Név város Győr Székesfehérvár Budapest Kovács Szabó Tóth Horváth Németh összeg mennyiség időpont fizetendő szállító vevő könyv gyűjtő tűzőgép üzenet cím utca erdő Pécs Szőlő árvíztűrő tükörfúrógép dátum érték Gergő Enikő Ödön Zsófia"},
	{"Russian", []string{"windows-1251", "koi8-r", "ibm866", "iso-8859-5", "x-mac-cyrillic"}, "Имя Город Анна Москва Борис Санкт-Петербург Екатеринбург товар количество цена сумма дата покупатель поставщик адрес улица дом квартира телефон номер счёт оплата доставка склад Иванов Петров Сидоров Кузнецов Смирнова Попова Новосибирск Казань Итого отгрузка менеджер"},
	{"Ukrainian", []string{"koi8-u", "windows-1251"}, "Місто Сума Київ Львів Одеса Харків Чернігів Ґалаґан Їжакевич Єнакієве Запоріжжя Рівне кількість ціна одиниця покупець постачальник вулиця будинок оплата рахунок накладна Шевченко Іваненко Ковальчук Україна область Вінниця Полтава Дніпро"},
	{"Greek", []string{"windows-1253", "iso-8859-7"}, "Όνομα Πόλη Αθήνα Θεσσαλονίκη Πάτρα Ηράκλειο Λάρισα ποσότητα τιμή σύνολο ημερομηνία πελάτης προμηθευτής διεύθυνση οδός αριθμός τηλέφωνο Παπαδόπουλος Γεωργίου Νικολάου Δημήτρης Ελένη Μαρία Κωνσταντίνος Ιωάννης είδος περιγραφή κωδικός ποσό ΣΥΝΟΛΟ ΑΘΗΝΑ"},
	{"Turkish", []string{"windows-1254"}, "Adı Soyadı Şehir İstanbul İzmir Diyarbakır Şanlıurfa Eskişehir Ağrı Muğla Yılmaz Çelik Öztürk Şahin Yıldız Doğan Kılıç Aydın Özdemir Arslan müşteri sipariş ürün fiyat miktar açıklama tarih ödeme şube işlem sayı gün ağustos şubat kırmızı yeşil ıspanak"},
	{"Japanese", []string{"shift_jis", "euc-jp", "iso-2022-jp"}, "名前 住所 山田太郎 鈴木一郎 東京都新宿区 大阪府大阪市 とうきょう おおさか すずき さん カタカナ ノート ボールペン 消しゴム 品番 数量 単価 合計 株式会社 在庫 注文日 納品書 請求金額 顧客番号 電話番号 北海道札幌市 京都府 名古屋市 佐藤花子 高橋健 渡辺"},
	{"Chinese", []string{"gb18030"}, "姓名 城市 张伟 王芳 李娜 刘洋 陈静 北京市朝阳区 上海市 广州市 深圳市 订单编号 客户名称 产品 数量 单价 金额 日期 备注 供应商 地址 电话 仓库 合计 浙江省杭州市 江苏省南京市 有限公司 部门 销售 采购 库存 发货"},
	{"Taiwanese", []string{"big5"}, "姓名 城市 陳志明 林淑芬 王小明 臺北市信義區 高雄市 台中市 新竹縣 訂單編號 客戶名稱 產品 數量 單價 金額 日期 備註 供應商 地址 電話 倉庫 合計 有限公司 部門 銷售 採購 庫存 出貨 發票 業務員 桃園市"},
	{"Hebrew", []string{"windows-1255"}, "תאריך תיאור סכום יתרה אסמכתא העברה בנקאית משיכת מזומן שכר דירה תשלום לקוח ספק חשבונית כמות מחיר הנחה תל אביב ירושלים חיפה באר שבע אברהם שרה משה כהן לוי מזרחי פרץ ביטון"},
	{"Arabic", []string{"windows-1256"}, "التاريخ البيان المبلغ الرصيد المرجع تحويل بنكي سحب نقدي إيجار المكتب العميل المورد الفاتورة الكمية السعر الخصم القاهرة الرياض دبي الإسكندرية أحمد محمد سارة خالد فاطمة علي حسن عبد الله"},
	{"Thai", []string{"windows-874"}, "วันที่ สินค้า จำนวน ยอดขาย เลขที่เอกสาร ชื่อลูกค้า บริษัท สยาม จำกัด ห้างหุ้นส่วน กรุงเทพมหานคร เชียงใหม่ ภูเก็ต ขอนแก่น สมชาย สมหญิง ราคา ส่วนลด รวมทั้งสิ้น ภาษีมูลค่าเพิ่ม ใบเสร็จรับเงิน หมายเหตุ ที่อยู่ โทรศัพท์"},
	{"Korean", []string{"euc-kr"}, "이름 도시 김철수 이영희 박지민 최수진 서울특별시 강남구 부산광역시 대구 인천 주문번호 고객명 제품 수량 단가 금액 날짜 비고 공급업체 주소 전화번호 창고 합계 주식회사 부서 판매 구매 재고 출고 경기도 수원시"},
}

// TestLanguages: texts in the code pages of their languages are read in an encoding that
// gives the same text, or the encoding is said to be a guess.
func TestLanguages(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 17))
	texts, wrong, guessed, unsaid := 0, 0, 0, 0
	for texts < 1000 && !(testing.Short() && texts > 300) {
		for _, s := range spoken {
			words := strings.Fields(s.words)
			page := s.pages[random.IntN(len(s.pages))]
			var b strings.Builder
			for range 1 + random.IntN(40) {
				fmt.Fprintf(&b, "%d;%s;%s;%d,%02d\r\n", random.IntN(1000), words[random.IntN(len(words))], words[random.IntN(len(words))]+" "+words[random.IntN(len(words))], random.IntN(900), random.IntN(100))
			}
			text := strings.ReplaceAll(b.String(), "ẞ", "ß")
			raw := encode(t, page, text)
			if raw == nil {
				continue
			}
			texts++
			found := Look(raw)
			if found.Rival != "" {
				guessed++
			}
			if string(decoded(raw, found.Name)) != text {
				if wrong++; found.Rival == "" {
					unsaid++
					t.Errorf("%s in %s is read as %s:\n%s", s.name, page, found.Name, text)
				}
			}
		}
	}
	t.Logf("%d texts: %d wrong, %d of them unsaid, %d said to be a guess", texts, wrong, unsaid, guessed)
	if wrong*50 > texts || guessed*8 > texts {
		t.Errorf("of %d texts %d are wrong and %d said to be a guess", texts, wrong, guessed)
	}
}

// encode stores a text in an encoding; nil when that does not have all its letters.
func encode(t *testing.T, name, text string) []byte {
	t.Helper()
	e := encodingOf(name)
	if e == nil {
		t.Fatalf("no encoding %s", name)
	}
	raw, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		return nil
	}
	return raw
}

// TestOneBadByte: a few bytes that are not UTF-8 change nothing of the rest.
func TestOneBadByte(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"name\nZürich\nGen\xe8ve\nKöln\n", "name\nZürich\nGenève\nKöln\n"},
		{"имя\nМосква\n\xca\xe0\xe7\xe0\xed\xfc\nТула\nОмск\n", "имя\nМосква\nКазань\nТула\nОмск\n"},
		{"名前\n山田\x83\n鈴木\n", "名前\n山田\ufffd\n鈴木\n"},
		{"a\nłódź\nKrak\xf3w\n", "a\nłódź\nKraków\n"},
	} {
		found := Look([]byte(c.text))
		if found.Name != "utf-8" || found.Broken == 0 {
			t.Errorf("%q is read as %s, %d broken", c.text, found.Name, found.Broken)
		}
		got, err := io.ReadAll(NewCleaner(iotest.OneByteReader(strings.NewReader(c.text)), found.Single, 0))
		if err != nil || string(got) != c.want {
			t.Errorf("%q becomes %q, %v", c.text, got, err)
		}
	}
}

// TestBytesThatAreUTF8ByChance: where most lines have bytes that are not UTF-8, the text is
// none, though many of its letters fit; and a line that is UTF-8 in another text is named.
func TestBytesThatAreUTF8ByChance(t *testing.T) {
	t.Parallel()
	thai := encode(t, "windows-874", "สินค้า;ยอด\r\nกาแฟ;0,5\r\nชาเย็น;1,5\r\nเก้าอี้;2,5\r\nโต๊ะทำงาน;3,5\r\nน้ำดื่ม;4,5\r\n")
	if found := Look(thai); found.Name != "windows-874" {
		t.Errorf("Thai is read as %s", found.Name)
	}
	russian := append(encode(t, "windows-1251", strings.Repeat("Москва;1\r\nИванов;2\r\n", 20)), "Казань;5\r\n"...)
	if found := Look(russian); found.Name != "windows-1251" || fmt.Sprint(found.Foreign) != "[41]" {
		t.Errorf("a line of UTF-8 in Windows-1251: %s, lines %v", found.Name, found.Foreign)
	}
}

// TestCleaner: control characters are dropped wherever they stand, and their places said.
func TestCleaner(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	parts := []string{"abc", "\x00", "é", "日", "\xff", "\x1a", "\n", "\t", "\x7f", "\u0085", "\ufffd", "plain text that is longer than a word,", "\r\n"}
	for range 3000 {
		var raw, want strings.Builder
		var places []int64
		for range random.IntN(40) {
			switch p := parts[random.IntN(len(parts))]; {
			case p == "\xff":
				places = append(places, int64(want.Len()))
				raw.WriteString(p)
				want.WriteString("ÿ")
			case p == "\ufffd":
				places = append(places, int64(want.Len()))
				raw.WriteString(p)
				want.WriteString(p)
			case len(p) == 1 && isControl(p[0]), p == "\u0085":
				places = append(places, int64(want.Len()))
				raw.WriteString(p)
			default:
				raw.WriteString(p)
				want.WriteString(p)
			}
		}
		var src io.Reader = strings.NewReader(raw.String())
		switch random.IntN(3) {
		case 0:
			src = iotest.OneByteReader(src)
		case 1:
			src = iotest.DataErrReader(src)
		}
		c := NewCleaner(src, pages[0].table.DecodeByte, 0)
		var got bytes.Buffer
		buf := make([]byte, 1+random.IntN(200))
		for {
			n, err := c.Read(buf)
			got.Write(buf[:n])
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if got.String() != want.String() || !utf8.ValidString(got.String()) {
			t.Fatalf("%q becomes %q", raw.String(), got.String())
		}
		for i, at := range places {
			n := 0
			c.Before(at+1, func(_ Fault, times int) { n += times })
			left := 0
			for i+left < len(places) && places[i+left] <= at {
				left++
			}
			if i > 0 && places[i-1] == at {
				left = 0
			}
			if n != left {
				t.Fatalf("%q: %d changes before %d, want %d", raw.String(), n, at+1, left)
			}
		}
	}
}

// TestNoBinary: control characters do not make a text binary, and a text of another kind
// of file is none.
func TestNoBinary(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a,b\n" + strings.Repeat("\x00", 5000) + "1,2\n", "a\x01b\n1\x012\n", "x\n\x1a", "a,b\n\x00\x01\x02\x031,2 and more text\n"} {
		if !LooksLikeText([]byte(text)) || Detect([]byte(text)) != "utf-8" {
			t.Errorf("%.40q is no text, or in %s", text, Detect([]byte(text)))
		}
	}
	if LooksLikeText(bytes.Repeat([]byte{0, 1, 2, 3, 200, 7}, 50)) || LooksLikeText(make([]byte, 100)) {
		t.Error("binary files are texts")
	}
	for _, s := range []string{"名前,年\r\n山田,1\r\n鈴木,2\r\n", "Имя;Город\nАнна;Москва\n", "a,b\n1,2\n"} {
		for _, name := range []string{"utf-16le", "utf-16be"} {
			d := encodingOf(name)
			raw, err := d.NewEncoder().Bytes([]byte(s))
			if err != nil || Detect(raw) != name {
				t.Errorf("%q in %s is read as %s, %v", s, name, Detect(raw), err)
			}
		}
	}
}

// TestZerosWithoutEnd: a file that a crash has filled up with zeros is not read to its end,
// and what is noted of them takes no room.
func TestZerosWithoutEnd(t *testing.T) {
	c := NewCleaner(io.MultiReader(strings.NewReader("a,b\n"), zeros{}), nil, 0)
	var text strings.Builder
	n, err := io.Copy(&text, c)
	if err == nil || !strings.Contains(err.Error(), "in a row") || text.String() != "a,b\n" {
		t.Errorf("%d bytes, %v", n, err)
	}
	times, calls := 0, 0
	c.Before(n+1, func(_ Fault, n int) { times += n; calls++ })
	if times <= mostGone || calls != 1 {
		t.Errorf("%d zeros in %d notes", times, calls)
	}
	few := NewCleaner(io.MultiReader(strings.NewReader("a,b\n"), io.LimitReader(zeros{}, 1<<20), strings.NewReader("1,2\n")), nil, 0)
	if all, err := io.ReadAll(few); err != nil || string(all) != "a,b\n1,2\n" {
		t.Errorf("%q, %v", all, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestReasons: an encoding comes with its reason and, where letters decide, with the next best.
func TestReasons(t *testing.T) {
	german := strings.Repeat("Müller;Köln;Größe\r\n", 20)
	for _, c := range []struct{ raw, name, why string }{
		{"a,b\n", "utf-8", "no letters beyond ASCII"}, {german, "utf-8", "all its letters"}, {german + "Gen\xe8ve\n", "utf-8", "nearly all"}, {"\ufeff" + german, "utf-8", "byte order mark"},
		{string(encode(t, "utf-16le", german)), "utf-16le", "zero"}, {string(encode(t, "ibm850", german)), "ibm850", "fit best (next "}, {string(encode(t, "iso-2022-jp", "名前,年\r\n")), "iso-2022-jp", "signs"},
	} {
		if found := Look([]byte(c.raw)); found.Name != c.name || !strings.Contains(found.Why, c.why) {
			t.Errorf("%.20q is %s, %s", c.raw, found.Name, found.Why)
		}
	}
}
