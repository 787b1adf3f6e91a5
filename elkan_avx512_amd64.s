//go:build !purego

#include "textflag.h"

// As in elkan_amd64.s, with the bytes of two centers, for the same 32 rows, in a register.

// The first of 16 bits to the low half of a register, the second to the high one.
DATA eachHalf<>+0(SB)/8, $0
DATA eachHalf<>+8(SB)/8, $0
DATA eachHalf<>+16(SB)/8, $0
DATA eachHalf<>+24(SB)/8, $0
DATA eachHalf<>+32(SB)/8, $0x0101010101010101
DATA eachHalf<>+40(SB)/8, $0x0101010101010101
DATA eachHalf<>+48(SB)/8, $0x0101010101010101
DATA eachHalf<>+56(SB)/8, $0x0101010101010101
GLOBL eachHalf<>(SB), RODATA|NOPTR, $64

// lower − drift of two centers, to Z1; Z0 is lost.
#define TWO \
	VPBROADCASTW (DX), Z0;  \
	VMOVDQU8 (SI), Z1;      \
	VPSHUFB  Z13, Z0, Z0;   \
	VPSUBUSB Z0, Z1, Z1

// The same of one, to Y1.
#define ONE \
	VPBROADCASTB (DX), Y0;  \
	VMOVDQU  (SI), Y1;      \
	VPSUBUSB Y0, Y1, Y1

// ---- open rows ----
//
//	SI  lower, 32 bytes a center    DX  drift, a byte a center    R8  upper
//	CX  centers left    Z13 eachHalf    Z14 the least of all centers

// func openRowsAVX512(lower, drift, upper unsafe.Pointer, k int) (open uint32)
TEXT ·openRowsAVX512(SB), NOSPLIT, $0-36
	MOVQ       lower+0(FP), SI
	MOVQ       drift+8(FP), DX
	MOVQ       upper+16(FP), R8
	MOVQ       k+24(FP), CX
	VMOVDQU8   eachHalf<>(SB), Z13
	VPTERNLOGD $0xFF, Z14, Z14, Z14
	SUBQ       $2, CX
	JLT        one

two:
	TWO
	VPMINUB Z1, Z14, Z14
	ADDQ    $64, SI
	ADDQ    $2, DX
	SUBQ    $2, CX
	JGE     two

one:
	VEXTRACTI64X4 $1, Z14, Y2
	VPMINUB       Y2, Y14, Y14
	ADDQ          $2, CX
	JZ            bits
	ONE
	VPMINUB       Y1, Y14, Y14

bits:
	VPCMPUB $1, (R8), Y14, K1
	KMOVD   K1, AX
	MOVL    AX, open+32(FP)
	VZEROUPPER
	RET

// ---- open pairs ----
//
// Of one panel.
//
//	SI  lower    DX  drift    DI  rows    R9  their centers    R10 center    CX  centers left
//	R11 pairs found    R12 number of the first row    AX  the rows of two centers, as bits
//	R13 how many    BX, R8 a pair    Z13 eachHalf    Z15 upper, twice

// The pair of the lowest bit to the lists, at place R11 + i.
#define PAIR(i) \
	TZCNTQ AX, BX;               \
	MOVL   BX, R8;               \
	ANDL   $31, BX;              \
	SHRL   $5, R8;               \
	ADDL   R12, BX;              \
	ADDL   R10, R8;              \
	MOVL   BX, (4*i)(DI)(R11*4); \
	MOVL   R8, (4*i)(R9)(R11*4); \
	BLSRQ  AX, AX

// func openPairsAVX512(rows, centers, lower, drift, upper unsafe.Pointer, k, first int) (n int)
TEXT ·openPairsAVX512(SB), NOSPLIT, $0-64
	MOVQ            rows+0(FP), DI
	MOVQ            centers+8(FP), R9
	MOVQ            lower+16(FP), SI
	MOVQ            drift+24(FP), DX
	MOVQ            upper+32(FP), R8
	MOVQ            k+40(FP), CX
	MOVQ            first+48(FP), R12
	VMOVDQU8        eachHalf<>(SB), Z13
	VBROADCASTI64X4 (R8), Z15
	XORQ            R10, R10
	XORQ            R11, R11
	SUBQ            $2, CX
	JLT             one

two:
	TWO
	VPCMPUB $1, Z15, Z1, K1
	KMOVQ   K1, AX

bits:
	// Two are written in any case: whether there are as many is hard to predict, and there
	// is room for all of the two centers.
	POPCNTQ AX, R13
	CMPQ    R13, $2
	JGT     many
	PAIR(0)
	PAIR(1)
	ADDQ    R13, R11

next:
	ADDQ $64, SI
	ADDQ $2, DX
	ADDQ $2, R10
	SUBQ $2, CX
	JGE  two

one:
	CMPQ    CX, $-1
	JNE     done
	ONE
	VPCMPUB $1, Y15, Y1, K1
	KMOVD   K1, AX
	DECQ    CX
	JMP     bits

many:
	PAIR(0)
	INCQ  R11
	TESTQ AX, AX
	JNZ   many
	JMP   next

done:
	MOVQ R11, n+56(FP)
	VZEROUPPER
	RET
