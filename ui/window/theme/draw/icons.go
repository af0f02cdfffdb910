//go:build ignore

// This program draws the icon set into icons/*.svg.
//
// Fyne recolours an icon by replacing fills and leaves strokes alone, so every
// line is drawn as a filled outline. All icons share a grid of 24 and one line
// width; a shape listed later is drawn over an earlier one.
package main

import (
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"
	"strings"
)

var half = 0.9 // half the width of a line

// line is a straight line with round ends. It runs clockwise, like the outside
// of every other shape: where two shapes run against each other they cancel out.
func line(x1, y1, x2, y2 float64) string {
	l := math.Hypot(x2-x1, y2-y1)
	nx, ny := (y2-y1)/l*half, -(x2-x1)/l*half
	return fmt.Sprintf("M%.3f %.3fL%.3f %.3fA%.2f %.2f 0 0 1 %.3f %.3fL%.3f %.3fA%.2f %.2f 0 0 1 %.3f %.3fZ",
		x1+nx, y1+ny, x2+nx, y2+ny, half, half, x2-nx, y2-ny, x1-nx, y1-ny, half, half, x1+nx, y1+ny)
}

// lines joins points, given as x1, y1, x2, y2, ...
func lines(p ...float64) string {
	var b strings.Builder
	for i := 0; i+3 < len(p); i += 2 {
		b.WriteString(line(p[i], p[i+1], p[i+2], p[i+3]))
	}
	return b.String()
}

func circle(cx, cy, r float64, sweep int) string {
	return fmt.Sprintf("M%.3f %.3fA%.3f %.3f 0 1 %d %.3f %.3fA%.3f %.3f 0 1 %d %.3f %.3fZ",
		cx-r, cy, r, r, sweep, cx+r, cy, r, r, sweep, cx-r, cy)
}

// dot is a filled circle; ring its outline.
func dot(cx, cy, r float64) string  { return circle(cx, cy, r, 1) }
func ring(cx, cy, r float64) string { return circle(cx, cy, r+half, 1) + circle(cx, cy, r-half, 0) }

// arc is a part of a ring from angle a to b, in degrees, clockwise from three o'clock.
func arc(cx, cy, r, a, b float64) string {
	var p []float64
	n := int(math.Ceil(math.Abs(b-a) / 9))
	for i := 0; i <= n; i++ {
		t := (a + (b-a)*float64(i)/float64(n)) * math.Pi / 180
		p = append(p, cx+r*math.Cos(t), cy+r*math.Sin(t))
	}
	return lines(p...)
}

func rounded(x, y, w, h, r float64, clockwise bool) string {
	if clockwise {
		return fmt.Sprintf("M%.3f %.3fH%.3fA%.3f %.3f 0 0 1 %.3f %.3fV%.3fA%.3f %.3f 0 0 1 %.3f %.3fH%.3fA%.3f %.3f 0 0 1 %.3f %.3fV%.3fA%.3f %.3f 0 0 1 %.3f %.3fZ",
			x+r, y, x+w-r, r, r, x+w, y+r, y+h-r, r, r, x+w-r, y+h, x+r, r, r, x, y+h-r, y+r, r, r, x+r, y)
	}
	return fmt.Sprintf("M%.3f %.3fA%.3f %.3f 0 0 0 %.3f %.3fV%.3fA%.3f %.3f 0 0 0 %.3f %.3fH%.3fA%.3f %.3f 0 0 0 %.3f %.3fV%.3fA%.3f %.3f 0 0 0 %.3f %.3fZ",
		x+r, y, r, r, x, y+r, y+h-r, r, r, x+r, y+h, x+w-r, r, r, x+w, y+h-r, y+r, r, r, x+w-r, y)
}

// box is the outline of a rectangle with round corners.
func box(x, y, w, h, r float64) string {
	return rounded(x-half, y-half, w+2*half, h+2*half, r+half, true) +
		rounded(x+half, y+half, w-2*half, h-2*half, math.Max(r-half, 0.2), false)
}

func tick(x, y, s float64) string { return lines(x-s, y+s*0.05, x-s*0.25, y+s*0.75, x+s, y-s*0.7) }
func cross(x, y, s float64) string {
	return line(x-s, y-s, x+s, y+s) + line(x-s, y+s, x+s, y-s)
}

var icons = map[string]string{
	"connections":   ring(6, 12, 3.2) + ring(18, 6, 2.6) + ring(18, 18, 2.6) + line(8.9, 10.6, 15.4, 7.3) + line(8.9, 13.4, 15.4, 16.7),
	"upload":        lines(12, 15, 12, 4) + lines(7.2, 8.6, 12, 3.9, 16.8, 8.6) + lines(4, 15, 4, 20, 20, 20, 20, 15),
	"activity":      lines(3, 12, 7.5, 12, 10, 5, 14, 19, 16.5, 12, 21, 12),
	"settings":      line(4, 7, 12.6, 7) + ring(15.4, 7, 2.6) + line(18.4, 7, 20, 7) + line(4, 17, 5.4, 17) + ring(8.4, 17, 2.6) + line(11.4, 17, 20, 17),
	"add":           line(12, 5, 12, 19) + line(5, 12, 19, 12),
	"search":        ring(10.5, 10.5, 6.2) + line(15.3, 15.3, 20.2, 20.2),
	"edit":          lines(5, 19, 6, 14.8, 16.2, 4.6, 19.4, 7.8, 9.2, 18, 5, 19) + line(13.6, 7.2, 16.8, 10.4),
	"copy":          box(8.5, 8.5, 11.5, 11.5, 2) + lines(5.2, 15.5, 4, 14.3, 4, 5.4, 5.4, 4, 14.3, 4, 15.5, 5.2),
	"delete":        line(4.5, 6.5, 19.5, 6.5) + lines(9, 6.5, 9.6, 3.6, 14.4, 3.6, 15, 6.5) + lines(6.4, 6.5, 7.3, 20.2, 16.7, 20.2, 17.6, 6.5) + line(10.2, 10.5, 10.4, 16.4) + line(13.8, 10.5, 13.6, 16.4),
	"more":          dot(5.5, 12, 1.7) + dot(12, 12, 1.7) + dot(18.5, 12, 1.7),
	"test":          lines(12, 3, 19.5, 5.8, 19.5, 11.5, 18.4, 15.4, 15.9, 18.6, 12, 21, 8.1, 18.6, 5.6, 15.4, 4.5, 11.5, 4.5, 5.8, 12, 3) + tick(12, 11.8, 3.6),
	"tick":          tick(12, 12, 6.2),
	"close":         cross(12, 12, 5.6),
	"pass":          ring(12, 12, 8.6) + tick(12, 12, 3.9),
	"fail":          ring(12, 12, 8.6) + cross(12, 12, 3),
	"warning":       lines(12, 3.8, 21, 19.6, 3, 19.6, 12, 3.8) + line(12, 9.6, 12, 13.6) + dot(12, 16.7, 1.15),
	"info":          ring(12, 12, 8.6) + line(12, 11.4, 12, 16.2) + dot(12, 7.9, 1.15),
	"skipped":       ring(12, 12, 8.6) + line(8.4, 12, 15.6, 12),
	"waiting":       ring(12, 12, 8.6) + lines(12, 7, 12, 12.2, 15.4, 14.2),
	"running":       arc(12, 12, 8.6, -90, 180),
	"unknown":       ring(12, 12, 8.6) + arc(12, 9.9, 2.7, 180, 385) + lines(14.4, 11.1, 12, 12.8, 12, 13.6) + dot(12, 16.7, 1.15),
	"pause":         line(8.5, 5.5, 8.5, 18.5) + line(15.5, 5.5, 15.5, 18.5),
	"stopped":       ring(12, 12, 8.6) + box(9.4, 9.4, 5.2, 5.2, 0.6),
	"chevron-right": lines(9.5, 5.5, 16, 12, 9.5, 18.5),
	"chevron-left":  lines(14.5, 5.5, 8, 12, 14.5, 18.5),
	"chevron-down":  lines(5.5, 9.5, 12, 16, 18.5, 9.5),
	"chevron-up":    lines(5.5, 14.5, 12, 8, 18.5, 14.5),
	"arrow-right":   line(4.5, 12, 19, 12) + lines(13, 5.8, 19.2, 12, 13, 18.2),
	"arrow-left":    line(19.5, 12, 5, 12) + lines(11, 5.8, 4.8, 12, 11, 18.2),
	"eye":           arc(12, 17.2, 10.4, -151, -29) + arc(12, 6.8, 10.4, 29, 151) + ring(12, 12, 2.6),
	"eye-off":       arc(12, 17.2, 10.4, -151, -29) + arc(12, 6.8, 10.4, 29, 151) + ring(12, 12, 2.6) + line(5, 19.4, 19, 4.6),
	"file":          lines(13.5, 3.4, 6, 3.4, 5, 4.4, 5, 19.6, 6, 20.6, 18, 20.6, 19, 19.6, 19, 8.9, 13.5, 3.4) + lines(13.5, 3.4, 13.5, 8.9, 19, 8.9),
	"table":         box(3.8, 4.8, 16.4, 14.4, 2) + line(3.8, 10, 20.2, 10) + line(10, 10, 10, 19.2),
	"database":      ellipse(12, 6, 7.4, 2.7) + lines(4.6, 6, 4.6, 18) + lines(19.4, 6, 19.4, 18) + bowl(12, 12, 7.4, 2.7) + bowl(12, 18, 7.4, 2.7),
	"cloud":         arc(8, 14.2, 4, 90, 262) + arc(12.4, 10.4, 5, 185, 350) + arc(17, 14.4, 3.8, -78, 90) + line(8, 18.2, 17, 18.2),
	"key":           ring(8, 15.6, 4.1) + lines(11, 12.6, 19.6, 4) + lines(16.4, 7.2, 19.2, 10) + lines(13.6, 10, 15.6, 12),
	"lock":          box(5, 10.6, 14, 9.6, 2) + line(8, 10.2, 8, 7.6) + line(16, 10.2, 16, 7.6) + arc(12, 7.6, 4, 180, 360) + line(12, 14.4, 12, 16.4),
	"refresh":       arc(12, 12.6, 7.8, 20, 320) + lines(18.7, 2.8, 18.2, 7.6, 13.4, 7.4),
	"folder":        lines(3.6, 18.6, 3.6, 5.6, 9.6, 5.6, 11.8, 8, 20.4, 8, 20.4, 18.6, 3.6, 18.6),
	"practice":      line(9, 3.6, 15, 3.6) + lines(10, 3.6, 10, 9.4, 4.8, 18.4, 5.8, 20.4, 18.2, 20.4, 19.2, 18.4, 14, 9.4, 14, 3.6) + line(7.4, 15, 16.6, 15),
	"sun":           ring(12, 12, 3.8) + line(12, 2.8, 12, 4.6) + line(12, 19.4, 12, 21.2) + line(2.8, 12, 4.6, 12) + line(19.4, 12, 21.2, 12) + line(5.5, 5.5, 6.8, 6.8) + line(17.2, 17.2, 18.5, 18.5) + line(5.5, 18.5, 6.8, 17.2) + line(17.2, 6.8, 18.5, 5.5),
	"moon":          arc(12, 12, 8.2, 20, 248) + arc(15.8, 8.4, 6.8, 108, 216),
	"computer":      box(3.6, 4.6, 16.8, 11.2, 1.6) + line(12, 15.8, 12, 19.6) + line(8, 19.8, 16, 19.8),
	"person":        ring(12, 8, 3.8) + arc(12, 21, 7.6, 188, 352),
	"paste":         box(5, 5, 14, 15.4, 2) + rounded(8.6, 2.6, 6.8, 4.6, 1.4, true),
	"text":          lines(5.5, 6, 18.5, 6) + line(12, 6, 12, 19),
	"whole":         line(9, 4, 7, 20) + line(17, 4, 15, 20) + line(4.5, 9, 19.8, 9) + line(4, 15, 19.3, 15),
	"decimal":       dot(4.4, 17.2, 1.5) + box(8.6, 6.8, 3.8, 10.6, 1.9) + box(16.2, 6.8, 3.8, 10.6, 1.9),
	"datetime":      box(4, 5.4, 16, 14.6, 2) + line(4, 10, 20, 10) + line(8.4, 3.4, 8.4, 6.6) + line(15.6, 3.4, 15.6, 6.6),
	"unticked":      box(4.2, 4.2, 15.6, 15.6, 3),
	"ticked":        box(4.2, 4.2, 15.6, 15.6, 3) + tick(12, 12, 3.9),
	"mail":          box(3.4, 5.4, 17.2, 13.4, 2) + lines(4, 7, 12, 13, 20, 7),
	"save":          lines(12, 4, 12, 14.6) + lines(7.4, 10.2, 12, 14.8, 16.6, 10.2) + lines(4.4, 16.4, 4.4, 20, 19.6, 20, 19.6, 16.4),
	"tag":           lines(4, 4.4, 12, 4.4, 20.2, 12.6, 12.6, 20.2, 4, 12, 4, 4.4) + ring(8.4, 8.6, 1.3),
	"rotate":        arc(12, 12, 7.6, 200, 335) + arc(12, 12, 7.6, 20, 155) + lines(19.8, 4.4, 19.2, 9, 14.6, 8.6) + lines(4.2, 19.6, 4.8, 15, 9.4, 15.4),
	"boolean":       box(3.4, 7, 17.2, 10, 5) + dot(15.6, 12, 2.6),
}

// ellipse and bowl flatten what arcs of circles cannot draw.
func ellipse(cx, cy, rx, ry float64) string { return curve(cx, cy, rx, ry, 0, 360) }
func bowl(cx, cy, rx, ry float64) string    { return curve(cx, cy, rx, ry, 0, 180) }
func curve(cx, cy, rx, ry, a, b float64) string {
	var p []float64
	for i := 0; i <= 24; i++ {
		t := (a + (b-a)*float64(i)/24) * math.Pi / 180
		p = append(p, cx+rx*math.Cos(t), cy+ry*math.Sin(t))
	}
	return lines(p...)
}

func main() {
	if err := os.MkdirAll("icons", 0o755); err != nil {
		log.Fatal(err)
	}
	for name, d := range icons {
		svg := `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"><path d="` + d + `"/></svg>` + "\n"
		if err := os.WriteFile(filepath.Join("icons", name+".svg"), []byte(svg), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	if err := os.WriteFile("logo.svg", []byte(logo()), 0o644); err != nil {
		log.Fatal(err)
	}
}

// logo is assets/icon.svg without strokes, which Fyne draws in the wrong width
// when it shrinks a picture.
func logo() string {
	half = 18
	return `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">` +
		`<rect x="16" y="16" width="480" height="480" rx="104" fill="#2457D6"/>` +
		`<rect x="104" y="296" width="64" height="112" rx="14" fill="#A8BFF0"/>` +
		`<rect x="224" y="232" width="64" height="176" rx="14" fill="#D3DEF8"/>` +
		`<rect x="344" y="264" width="64" height="144" rx="14" fill="#FFFFFF"/>` +
		`<path fill="#FFD166" d="` + lines(376, 224, 376, 130) + lines(328, 172, 376, 124, 424, 172) + `"/></svg>` + "\n"
}
