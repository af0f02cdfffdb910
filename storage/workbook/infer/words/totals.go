// Package words knows the words by which lines of a table are told from its rows: those
// of totals, notes, counts and units, in the languages of spreadsheet programs.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// totalWords are the words that stand in front of a total, or behind the name of what
// is summed up, in the languages of spreadsheet programs.
var totalWords = func() map[string]bool {
	words := map[string]bool{}
	for _, line := range []string{
		"total totals totale totaal totalt totales totaux totais totali totalsum totalsumma hovedtotal eindtotaal",
		"subtotal sub-total subtotals subtotale subtotaal sous-total subtotales delsumma mezisoučet medzisúčet részösszeg részösszesen väliarvo välisumma",
		"sum sums summe summen gesamtsumme gesamt gesamtergebnis ergebnis endsumme zwischensumme teilergebnis insgesamt",
		"somme suma somma soma som summa razem ogółem łącznie celkem součet spolu súčet összesen összeg végösszeg mindösszesen",
		"сума усяго ընդամենը სულ ჯამი cəmi yekun барлығы жиыны jami нийт মোট மொத்தம் మొత్తం एकूण કુલ ਕੁੱਲ jumla kabuuan heildarsamtala gjithsej shuma sveukupno svega vsota üldkokkuvõte kokkuvõte iomlán cyfanswm",
		"итого всего итог сумма разом усього підсумок всичко общо укупно вкупно ukupno zbroj zbir збир сбор celkom kopsumma loppusumma üldsumma viso skupaj skupno toplam toplamı yhteensä kokku kopā viso samtals ialt guztira",
		"σύνολο σύνολα άθροισμα jumlah tổng",
		"إجمالي الإجمالي المجموع مجموع اجمالي الاجمالي جمع סה\"כ סה״כ סהכ סך कुल योग ผลรวม รวม รวมทั้งสิ้น ผลรวมทั้งหมด รวมทั้งหมด ยอดรวม مجموعه میزان ٹوٹل",
		"合計 総計 小計 总计 合计 小计 總計 總和 总和 共计 合計額 累計 集計 汇总 彙總 합계 총계 소계 총합계 요약",
	} {
		for _, word := range strings.Fields(line) {
			words[word] = true
		}
	}
	for _, word := range []string{"i alt", "סך הכל", "סכום כולל", "סה\"כ כולל"} {
		words[word] = true
	}
	return words
}()

// balances are the words for what is left at the end, which stands below a table as a total
// does, and which adds up nothing.
var balances = map[string]bool{"net income": true, "net profit": true, "net loss": true, "net earnings": true, "net operating income": true, "gross profit": true, "gross margin": true, "ebit": true, "ebitda": true, "jahresüberschuss": true, "jahresergebnis": true, "rohergebnis": true, "résultat net": true, "utile netto": true, "resultado neto": true, "lucro líquido": true, "nettoresultaat": true, "wynik netto": true, "чистая прибыль": true,
	"balance": true, "saldo": true, "solde": true, "endsaldo": true, "schlusssaldo": true, "kontostand": true, "closing balance": true, "ending balance": true, "balance c/f": true, "carried forward": true,
	"übertrag": true, "solde final": true, "saldo final": true, "saldo finale": true, "eindsaldo": true, "utgående saldo": true, "slutsaldo": true, "saldo końcowe": true, "zůstatek": true, "konečný zůstatek": true, "záróegyenleg": true, "остаток": true, "сальдо": true, "исходящий остаток": true, "υπόλοιπο": true, "bakiye": true, "残高": true, "余额": true, "잔액": true}

// means are the words for an average and the like, which stand below a table as a total does.
var means = map[string]bool{"min": true, "max": true, "minimum": true, "maximum": true, "median": true, "médiane": true, "mediana": true, "medián": true, "std": true, "stdev": true, "std dev": true, "std. dev.": true, "standard deviation": true, "standardabweichung": true, "stabw": true, "écart type": true, "écart-type": true, "最大": true, "最小": true, "最大値": true, "最小値": true, "最大值": true, "最小值": true, "최대": true, "최소": true,
	"average": true, "avg": true, "mean": true, "durchschnitt": true, "mittelwert": true, "mittel": true, "moyenne": true, "promedio": true, "media": true, "média": true,
	"gemiddelde": true, "gemiddeld": true, "medel": true, "medelvärde": true, "gennemsnit": true, "gjennomsnitt": true, "keskiarvo": true, "średnia": true, "průměr": true, "priemer": true, "átlag": true, "medie": true, "prosjek": true, "ortalama": true, "среднее": true, "средняя": true, "середнє": true,
	"μέσος όρος": true, "ממוצע": true, "المتوسط": true, "متوسط": true, "平均": true, "平均値": true, "平均值": true, "평균": true, "ค่าเฉลี่ย": true, "เฉลี่ย": true, "trung bình": true}

// longestMean is how long the word for an average may be, in bytes.
const longestMean = 32

// Mean reports whether a text is a word for an average and nothing else.
func Mean(text string) bool {
	if len(text) < 3 || len(text) > longestMean || digit(text[0]) {
		return false
	}
	return means[strings.ToLower(strings.Trim(text, " \t:：.=*-Ø\u00a0"))]
}

// Size reports whether a word for an average may as well be one between small and large.
func Size(text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "mittel", "medel", "medie", "media", "média", "min", "max":
		return true
	}
	return false
}

// eastern are the total words of languages that put no blanks between words.
var eastern = []string{"合計", "総計", "小計", "总计", "合计", "小计", "總計", "总和", "總和", "共计", "합계", "총계", "소계", "集計", "汇总", "彙總", "요약"}

// Mark is how surely a text names a total.
type Mark uint8

const (
	None  Mark = iota
	Part       // a total word and something else: East Total, Total Wine
	Plain      // nothing but the word
)

// longestLabel is how long the label of a total may be.
const longestLabel = 80

// Total looks for a total word in a text.
func Total(text string) Mark {
	switch text {
	case "*", "**", "***", "Σ", "∑": // SAP, and who is short of room
		return Part
	}
	if len(text) < 3 || len(text) > longestLabel || digit(text[0]) && digit(text[len(text)-1]) {
		return None
	}
	text = strings.Trim(text, " \t:：.=*-()#\u00a0")
	var buf [longestLabel]byte
	lower, ascii := buf[:len(text)], true
	for i := 0; i < len(text); i++ {
		b := text[i]
		if b >= utf8.RuneSelf {
			ascii = false
			break
		}
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		lower[i] = b
	}
	if !ascii {
		lower = []byte(strings.ToLower(text))
	}
	if totalWords[string(lower)] {
		return Plain
	}
	if balances[string(lower)] {
		return Part
	}
	if strings.HasSuffix(string(lower), " i alt") {
		return Part
	}
	if mark := partOfLabel(lower); mark != None || ascii {
		return mark
	}
	for _, word := range eastern {
		if strings.HasSuffix(text, word) || strings.HasPrefix(text, word) && !letterFollows(text[len(word):]) {
			return Part
		}
	}
	return None
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// partOfLabel looks for a total word at the start and at the end of a label.
func partOfLabel(lower []byte) Mark {
	isWord := func(b byte) bool { return b >= 'a' && b <= 'z' || b == '-' || b == '"' || b >= utf8.RuneSelf }
	first := 0
	for first < len(lower) && isWord(lower[first]) {
		first++
	}
	last := len(lower)
	for last > 0 && isWord(lower[last-1]) {
		last--
	}
	if first < len(lower) && totalWords[string(lower[:first])] || last > 0 && last > first && totalWords[string(lower[last:])] {
		// Grand total, Total général, Gesamt Summe: a total of everything.
		if head, tail := lower[:first], lower[last:]; grandWords[string(head)] || grandWords[string(tail)] || totalWords[string(head)] && totalWords[string(tail)] {
			return Plain
		}
		return Part
	}
	return None
}

// grandWords make a total one of everything.
var grandWords = map[string]bool{"grand": true, "general": true, "général": true, "générale": true, "generale": true, "overall": true, "geral": true,
	"общий": true, "genel": true, "ara": true, "γενικό": true, "końcowa": true, "celkový": true, "הכל": true, "כולל": true, "کل": true, "cộng": true}

func letterFollows(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest != "" && unicode.IsLetter(r)
}
