//go:build !purego

#include "textflag.h"

// ---- lower bounds ----
//
// Lower bounds of the distances of eight rows and k centers, in a byte each, from the
// scores of the filter (LowerBounds in elkan.go):
//
//	byte = min(254, max(0, ⌊√(max(0, score − term))·root − base⌋))
//
//	DI  dst, 32 bytes a center    SI  scores    R8  bytes from center to center
//	CX  centers left
//	Y10 base, of float64: rows 0…3    Y11 rows 4…7    Y12 terms 0…3    Y13 terms 4…7
//	Y14 root    Y15 zero    X9 254 in each byte

DATA mostBound<>+0(SB)/8, $0xFEFEFEFEFEFEFEFE
GLOBL mostBound<>(SB), RODATA|NOPTR, $8

// Eight integers in Y0, saturated to bytes, at most 254, to DI.
#define BYTES \
	VEXTRACTI128 $1, Y0, X1; \
	VPACKSSDW    X1, X0, X0; \
	VPACKUSWB    X0, X0, X0; \
	VPMINUB      X9, X0, X0; \
	VMOVQ        X0, (DI)

#define ARGUMENTS \
	MOVQ dst+0(FP), DI;           \
	MOVQ scores+8(FP), SI;        \
	MOVQ stride+16(FP), R8;       \
	MOVQ k+24(FP), CX;            \
	MOVQ terms+32(FP), DX;        \
	MOVQ bases+40(FP), BX;        \
	VMOVUPD (DX), Y12;            \
	VMOVUPD 32(DX), Y13;          \
	VBROADCASTSD root+48(FP), Y14; \
	VXORPS  Y15, Y15, Y15;        \
	VMOVQ   mostBound<>(SB), X9

// func lowerBoundsF32AVX2(dst, scores unsafe.Pointer, stride, k int, terms, bases unsafe.Pointer, root float64)
TEXT ·lowerBoundsF32AVX2(SB), NOSPLIT, $0-56
	ARGUMENTS
	SHLQ         $2, R8
	VCVTPD2PSY   Y12, X12
	VCVTPD2PSY   Y13, X13
	VINSERTF128  $1, X13, Y12, Y12
	VCVTPD2PSY   Y14, X14
	VBROADCASTSS X14, Y14
	VMOVUPS      (BX), Y10

center32:
	VMOVUPS    (SI), Y0
	VSUBPS     Y12, Y0, Y0
	VMAXPS     Y15, Y0, Y0 // a NaN becomes 0
	VSQRTPS    Y0, Y0
	VMULPS     Y14, Y0, Y0
	VSUBPS     Y10, Y0, Y0
	VCVTTPS2DQ Y0, Y0      // too large: the least integer, so 0
	BYTES
	ADDQ       R8, SI
	ADDQ       $32, DI
	DECQ       CX
	JNZ        center32
	VZEROUPPER
	RET

// func lowerBoundsF64AVX2(dst, scores unsafe.Pointer, stride, k int, terms, bases unsafe.Pointer, root float64)
TEXT ·lowerBoundsF64AVX2(SB), NOSPLIT, $0-56
	ARGUMENTS
	SHLQ      $3, R8
	VCVTPS2PD (BX), Y10
	VCVTPS2PD 16(BX), Y11

center64:
	VMOVUPD     (SI), Y0
	VMOVUPD     32(SI), Y2
	VSUBPD      Y12, Y0, Y0
	VSUBPD      Y13, Y2, Y2
	VMAXPD      Y15, Y0, Y0
	VMAXPD      Y15, Y2, Y2
	VSQRTPD     Y0, Y0
	VSQRTPD     Y2, Y2
	VMULPD      Y14, Y0, Y0
	VMULPD      Y14, Y2, Y2
	VSUBPD      Y10, Y0, Y0
	VSUBPD      Y11, Y2, Y2
	VCVTTPD2DQY Y0, X0
	VCVTTPD2DQY Y2, X2
	VINSERTI128 $1, X2, Y0, Y0
	BYTES
	ADDQ        R8, SI
	ADDQ        $32, DI
	DECQ        CX
	JNZ         center64
	VZEROUPPER
	RET

// ---- open rows ----
//
// The rows of a panel of 32 for which lower − drift < upper, saturated at 0, for some
// center.
//
//	SI  lower, 32 bytes a center    DX  drift, a byte a center    R8  upper
//	CX  centers left    Y15 upper    Y13,Y14 the open ones

// upper − (lower − drift) of a center, above 0 for its open rows, to Y.
#define BEYOND(at, Y) \
	VPBROADCASTB at(DX), Y;           \
	VMOVDQU  (32*at)(SI), Y1;         \
	VPSUBUSB Y, Y1, Y;                \
	VPSUBUSB Y, Y15, Y

// func openRowsAVX2(lower, drift, upper unsafe.Pointer, k int) (open uint32)
TEXT ·openRowsAVX2(SB), NOSPLIT, $0-36
	MOVQ    lower+0(FP), SI
	MOVQ    drift+8(FP), DX
	MOVQ    upper+16(FP), R8
	MOVQ    k+24(FP), CX
	VMOVDQU (R8), Y15
	VPXOR   Y14, Y14, Y14
	VPXOR   Y13, Y13, Y13
	SUBQ    $2, CX
	JLT     one

two:
	BEYOND(0, Y2)
	BEYOND(1, Y3)
	VPOR Y2, Y14, Y14
	VPOR Y3, Y13, Y13
	ADDQ $64, SI
	ADDQ $2, DX
	SUBQ $2, CX
	JGE  two

one:
	ADDQ $2, CX
	JZ   bits
	BEYOND(0, Y2)
	VPOR Y2, Y14, Y14

bits:
	VPOR      Y13, Y14, Y14
	VPXOR     Y0, Y0, Y0
	VPCMPEQB  Y0, Y14, Y14
	VPMOVMSKB Y14, AX
	NOTL      AX
	MOVL      AX, open+32(FP)
	VZEROUPPER
	RET

// ---- open pairs ----
//
// The same, one by one: for each center, the rows of several panels. First the sets of rows
// that are not empty, as bits, without a branch on which ones are: these go to the ends of
// rows and centers, behind what the elements of those before them can take: with kp sets and
// 32 rows in each, from element 31·kp of rows on, and each with its first row and center, two
// numbers, from 30·kp of centers on. Then their elements.
//
//	SI  lower of the center    R13 of a panel, too    DX  drift    R8  upper of the panel
//	DI  sets    R9  their first rows and centers    R11 sets found    CX  panels left
//	R10 center    R12 that, and the panel's first row    BX  bytes of a panel
//	AX  a set    Y13 drift    Y14 zero    Y15 upper
//
// and then
//
//	SI  sets    DX  their first rows and centers    CX  sets left
//	DI  rows    R9  centers    R11 pairs found
//	AX  a set    BX  one of its rows    R12 its first row    R10 its center

// func openPairsAVX2(rows, centers, lower, drift, upper unsafe.Pointer, k, first, panels int) (n int)
TEXT ·openPairsAVX2(SB), NOSPLIT, $0-72
	MOVQ  k+40(FP), AX
	IMULQ panels+56(FP), AX
	MOVQ  rows+0(FP), DI
	MOVQ  centers+8(FP), R9
	IMUL3Q $120, AX, BX // 30 numbers for each set
	ADDQ  BX, R9
	LEAQ  (BX)(AX*4), BX // 31
	ADDQ  BX, DI
	MOVQ  lower+16(FP), SI
	MOVQ  drift+24(FP), DX
	MOVQ  k+40(FP), BX
	SHLQ  $5, BX
	VPXOR Y14, Y14, Y14
	XORQ  R10, R10
	XORQ  R11, R11

center:
	VPBROADCASTB (DX)(R10*1), Y13
	MOVQ         SI, R13
	MOVQ         upper+32(FP), R8
	MOVQ         R10, R12
	SHLQ         $32, R12
	ADDQ         first+48(FP), R12
	MOVQ         panels+56(FP), CX

panel:
	VMOVDQU   (R13), Y1
	VMOVDQU   (R8), Y15
	VPSUBUSB  Y13, Y1, Y2
	VPSUBUSB  Y2, Y15, Y2
	VPCMPEQB  Y14, Y2, Y2
	VPMOVMSKB Y2, AX
	NOTL      AX
	MOVL      AX, (DI)(R11*4)
	MOVQ      R12, (R9)(R11*8)
	ADDL      $-1, AX // carry unless the set is empty
	ADCQ      $0, R11
	ADDQ      BX, R13
	ADDQ      $32, R8
	ADDQ      $32, R12
	DECQ      CX
	JNZ       panel

	ADDQ $32, SI
	INCQ R10
	CMPQ R10, k+40(FP)
	JLT  center

	// The elements of the sets.
	MOVQ  R11, CX
	MOVQ  DI, SI
	MOVQ  R9, DX
	MOVQ  rows+0(FP), DI
	MOVQ  centers+8(FP), R9
	XORQ  R11, R11
	TESTQ CX, CX
	JZ    none

set:
	MOVL (SI), AX
	MOVQ (DX), R12
	MOVQ R12, R10
	SHRQ $32, R10

bit:
	TZCNTL AX, BX
	ADDL   R12, BX
	MOVL   BX, (DI)(R11*4)
	MOVL   R10, (R9)(R11*4)
	INCQ   R11
	BLSRL  AX, AX
	JNZ    bit
	ADDQ   $4, SI
	ADDQ   $8, DX
	DECQ   CX
	JNZ    set

none:
	MOVQ R11, n+64(FP)
	VZEROUPPER
	RET

// ---- shifted bounds ----
//
// Takes drift[k] and by[i] off the byte of center k and row i of a panel, but not below 0,
// and leaves those alone that are 255.
//
//	DI  lower, 32 bytes a center    DX  drift    CX  centers left
//	Y15 by    Y14 255 in each byte

// func shiftBoundsAVX2(lower, drift, by unsafe.Pointer, k int)
TEXT ·shiftBoundsAVX2(SB), NOSPLIT, $0-32
	MOVQ     lower+0(FP), DI
	MOVQ     drift+8(FP), DX
	MOVQ     by+16(FP), SI
	MOVQ     k+24(FP), CX
	VMOVDQU  (SI), Y15
	VPCMPEQB Y14, Y14, Y14

center:
	VPBROADCASTB (DX), Y1
	VMOVDQU      (DI), Y0
	VPADDUSB     Y15, Y1, Y1
	VPCMPEQB     Y14, Y0, Y2
	VPSUBUSB     Y1, Y0, Y0
	VPOR         Y2, Y0, Y0
	VMOVDQU      Y0, (DI)
	INCQ         DX
	ADDQ         $32, DI
	DECQ         CX
	JNZ          center
	VZEROUPPER
	RET
