//go:build ignore

// Draws icon.svg as icon.png, 512 pixels square, for FyneApp.toml, and as
// windows/pushdesk.ico, in the sizes that Windows shows.
package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
	"log"
	"os"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
)

func draw(side int) []byte {
	icon, err := oksvg.ReadIcon("icon.svg")
	if err != nil {
		log.Fatal(err)
	}
	icon.SetTarget(0, 0, float64(side), float64(side))
	picture := image.NewRGBA(image.Rect(0, 0, side, side))
	icon.Draw(rasterx.NewDasher(side, side, rasterx.NewScannerGV(side, side, picture, picture.Bounds())), 1)
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		log.Fatal(err)
	}
	return out.Bytes()
}

// ico puts pictures into one file of icons, as PNG, which Windows reads since Vista.
func ico(sides ...int) []byte {
	var head, body bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			if err := binary.Write(&head, binary.LittleEndian, v); err != nil {
				log.Fatal(err)
			}
		}
	}
	put(uint16(0), uint16(1), uint16(len(sides)))
	at := 6 + 16*len(sides)
	for _, side := range sides {
		picture := draw(side)
		put(uint8(side), uint8(side), uint8(0), uint8(0), uint16(1), uint16(32), uint32(len(picture)), uint32(at+body.Len())) // 256 is written as 0
		body.Write(picture)
	}
	return append(head.Bytes(), body.Bytes()...)
}

func main() {
	for name, content := range map[string][]byte{"icon.png": draw(512), "windows/pushdesk.ico": ico(16, 24, 32, 48, 64, 256)} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
