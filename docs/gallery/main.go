package main

import (
	"flag"
	"image/jpeg"
	"image/png"
	"os"
	"strings"
)

func main() {
	photo := flag.String("photo", "", "")
	flag.Parse()
	f, _ := os.Create(*photo)
	if strings.HasSuffix(*photo, "png") {
		png.Encode(f, landscape(4000, 3000))
	} else {
		jpeg.Encode(f, landscape(4000, 3000), &jpeg.Options{Quality: 92})
	}
	f.Close()
}
