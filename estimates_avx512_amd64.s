//go:build !purego

#include "textflag.h"
#include "estimates_amd64.h"

// The routines of estimates.go for AVX-512 VNNI, whose instruction multiplies unsigned
// integers of 8 bits by signed ones and adds four products to a sum of 32 bits. An integer p
// of a row is in two bytes of that kind, 32768 + p = 256·high + low, in two planes:
//
//	row     width bytes of low, width bytes of high
//	p·q     256·(high·q) + low·q − 32768·Σq, modulo 2³²
//
// The last term is known of each center.

DATA estimateBias<>+0(SB)/4, $0x8000
GLOBL estimateBias<>(SB), RODATA|NOPTR, $4

// ---- round ----
//
// x − shift, weighted, times a scale, rounded to integers of 16 bits.
//
//	DI  low bytes    DX  high bytes    SI  x    R8  shift    R9  weights
//	CX  blocks of 16 left    Z0   elements, integers    Z14 bias    Z15 scale

// func roundAVX512VNNI(dst, x, shift, weights unsafe.Pointer, blocks int, scale float32, width int)
TEXT ·roundAVX512VNNI(SB), NOSPLIT, $0-56
	MOVQ dst+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ shift+16(FP), R8
	MOVQ weights+24(FP), R9
	MOVQ blocks+32(FP), CX
	MOVQ width+48(FP), DX
	ADDQ DI, DX
	VBROADCASTSS scale+40(FP), Z15
	VPBROADCASTD estimateBias<>(SB), Z14
	TESTQ CX, CX
	JZ    done

block:
	VMOVUPS   (SI), Z0
	VSUBPS    (R8), Z0, Z0
	VMULPS    (R9), Z0, Z0
	VMULPS    Z15, Z0, Z0
	VCVTPS2DQ Z0, Z0
	VPADDD    Z14, Z0, Z0
	VPMOVDB   Z0, (DI)
	VPSRLD    $8, Z0, Z0
	VPMOVDB   Z0, (DX)
	ADDQ $16, DI
	ADDQ $16, DX
	ADDQ $64, SI
	ADDQ $64, R8
	ADDQ $64, R9
	DECQ CX
	JNZ  block

done:
	VZEROUPPER
	RET

// ---- estimate ----
//
// dst[i], the bound of row slots[i] and center idx[i]; 64 columns at a time; meanwhile a
// center further on is fetched into the cache.
//
//	DI  dst    R8  integers of rows    R9  slots    R10 of centers    R11 idx
//	CX  pairs left    DX  width    SI  end of the row's low bytes, then what is known of it
//	R12 end of its high bytes, then the rows, 40 bytes each    BX  end of the center, then
//	its number    R13 parts of centers, 40 bytes each    R15 end of the center fetched, then
//	the last terms    AX  offset from the end
//	Z0…Z3 sums    Z4…Z6 elements, later temporaries

// How many pairs ahead.
#define AHEAD 4

#define COLUMNS(o, HIGH, LOW) \
	VMOVDQU64 o(BX)(AX*1), Z4;   \
	VMOVDQU64 o(R12)(AX*1), Z5;  \
	VMOVDQU64 o(SI)(AX*1), Z6;   \
	VPDPBUSD  Z4, Z5, HIGH;      \
	VPDPBUSD  Z4, Z6, LOW;       \
	PREFETCHT0 o(R15)(AX*1)

// func estimateAVX512VNNI(dst, integers, rows, slots, centers, parts, terms, idx unsafe.Pointer, n, width int)
TEXT ·estimateAVX512VNNI(SB), NOSPLIT, $0-80
	MOVQ dst+0(FP), DI
	MOVQ integers+8(FP), R8
	MOVQ slots+24(FP), R9
	MOVQ centers+32(FP), R10
	MOVQ parts+40(FP), R13
	MOVQ idx+56(FP), R11
	MOVQ n+64(FP), CX
	MOVQ width+72(FP), DX
	TESTQ CX, CX
	JZ    done

pair:
	MOVLQSX (R9), SI
	MOVLQSX (R11), BX
	MOVQ BX, R15
	CMPQ CX, $AHEAD
	JLE  near
	MOVLQSX (4*AHEAD)(R11), R15

near:
	LEAQ  1(SI)(SI*1), SI
	INCQ  BX
	INCQ  R15
	IMULQ DX, SI
	IMULQ DX, BX
	IMULQ DX, R15
	ADDQ  R8, SI
	ADDQ  R10, BX
	ADDQ  R10, R15
	LEAQ  (SI)(DX*1), R12
	MOVQ  DX, AX
	NEGQ  AX
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	TESTQ $64, AX
	JZ    columns
	COLUMNS(0, Z0, Z1)
	ADDQ $64, AX
	JZ   sum

columns:
	COLUMNS(0, Z0, Z1)
	COLUMNS(64, Z2, Z3)
	ADDQ $128, AX
	JNZ  columns

sum:
	VPADDD Z2, Z0, Z0
	VPADDD Z3, Z1, Z1
	VPSLLD $8, Z0, Z0
	VPADDD Z1, Z0, Z0
	VEXTRACTI64X4 $1, Z0, Y1
	VPADDD Y1, Y0, Y0
	SUMLANES
	MOVLQSX (R9), SI
	MOVLQSX (R11), BX
	MOVQ   terms+48(FP), R15
	VMOVD  (R15)(BX*4), X1
	VPSUBD X1, X0, X0
	MOVQ rows+16(FP), R12
	ESTIMATE
	ADDQ $8, DI
	ADDQ $4, R9
	ADDQ $4, R11
	DECQ CX
	JNZ  pair

done:
	VZEROUPPER
	RET
