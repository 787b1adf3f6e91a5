//go:build !purego

#include "textflag.h"
#include "estimates_amd64.h"
#include "leading_amd64.h"

// The list routine of leading.go for AVX-512 VNNI, whose instruction adds four products to a
// sum of 32 bits.
//
//	Z0,Z1 sums    Z4,Z5 integers of the row

// func restListAVX512VNNI(outRows, outCenters, rows, centers, scores, known, integers, knownCenters, centerIntegers unsafe.Pointer, n, first, width, stride int) (found int)
TEXT ·restListAVX512VNNI(SB), NOSPLIT, $0-112
	BEGINLIST(done)

pair:
	PAIR(near)
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	TESTQ $64, AX
	JZ    columns
	VMOVDQU64 (R13)(AX*1), Z4
	VPDPBUSD  (R15)(AX*1), Z4, Z0
	PREFETCHT0 (BX)(AX*1)
	ADDQ $64, AX
	JZ   sum

columns:
	VMOVDQU64 (R13)(AX*1), Z4
	VMOVDQU64 64(R13)(AX*1), Z5
	VPDPBUSD  (R15)(AX*1), Z4, Z0
	VPDPBUSD  64(R15)(AX*1), Z5, Z1
	PREFETCHT0 (BX)(AX*1)
	PREFETCHT0 64(BX)(AX*1)
	ADDQ $128, AX
	JNZ  columns

sum:
	VPADDD Z1, Z0, Z0
	VEXTRACTI64X4 $1, Z0, Y1
	VPADDD Y1, Y0, Y0
	SUMLANES
	ENDPAIR(pair)
	ENDLIST(stay, done)
