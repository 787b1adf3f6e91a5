package main

import "encoding/binary"

// orientation returns the orientation, 1 to 8, that a camera noted in a JPEG
// (tag 0x0112 of Exif, "Exchangeable image file format", CIPA DC-008), and 1, as
// stored, if there is none or what is there makes no sense.
func orientation(jpeg []byte) int {
	const upright = 1
	at := 2 // behind the marker of the beginning
	for at+4 <= len(jpeg) && jpeg[at] == 0xff && jpeg[at+1] >= 0xe0 && jpeg[at+1] <= 0xef {
		size := int(binary.BigEndian.Uint16(jpeg[at+2:]))
		if size < 2 || at+2+size > len(jpeg) {
			return upright
		}
		segment := jpeg[at+4 : at+2+size]
		if jpeg[at+1] == 0xe1 && len(segment) > 14 && string(segment[:6]) == "Exif\x00\x00" {
			return tiffOrientation(segment[6:])
		}
		at += 2 + size
	}
	return upright
}

// tiffOrientation looks for the tag in the first directory of a TIFF.
func tiffOrientation(tiff []byte) int {
	const upright = 1
	var order binary.ByteOrder
	switch string(tiff[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
		order = binary.BigEndian
	default:
		return upright
	}
	at := int64(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > int64(len(tiff)) {
		return upright
	}
	entries := int64(order.Uint16(tiff[at:]))
	for i := range entries {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(tiff)) {
			break
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if v := int(order.Uint16(tiff[entry+8:])); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return upright
}

// turned carries out an orientation: 2 and 4 are mirrored, 3 is upside down, 5 to
// 8 lie on their side.
func (p pixels) turned(orientation int) pixels {
	if orientation == 1 {
		return p
	}
	out := pixels{width: p.width, height: p.height, packed: make([]uint32, len(p.packed))}
	if orientation >= 5 {
		out.width, out.height = p.height, p.width
	}
	for y := range out.height {
		for x := range out.width {
			fromX, fromY := x, y
			if orientation >= 5 {
				fromX, fromY = y, x
			}
			switch orientation {
			case 2, 3, 7, 8:
				fromX = p.width - 1 - fromX
			}
			switch orientation {
			case 3, 4, 6, 7:
				fromY = p.height - 1 - fromY
			}
			out.packed[y*out.width+x] = p.packed[fromY*p.width+fromX]
		}
	}
	return out
}
