//go:build !purego

#include "textflag.h"

// The sums of Moments (moments.go) for AVX2. Operands are in Go's order, the
// destination last. R14, R15 and BP are left alone.

// 64 bytes of ones, then of zeros: a mask for the first n bytes of a vector
// starts 64−n bytes in.
DATA ones<>+0(SB)/8, $-1
DATA ones<>+8(SB)/8, $-1
DATA ones<>+16(SB)/8, $-1
DATA ones<>+24(SB)/8, $-1
DATA ones<>+32(SB)/8, $-1
DATA ones<>+40(SB)/8, $-1
DATA ones<>+48(SB)/8, $-1
DATA ones<>+56(SB)/8, $-1
DATA ones<>+64(SB)/8, $0
DATA ones<>+72(SB)/8, $0
DATA ones<>+80(SB)/8, $0
DATA ones<>+88(SB)/8, $0
DATA ones<>+96(SB)/8, $0
DATA ones<>+104(SB)/8, $0
DATA ones<>+112(SB)/8, $0
DATA ones<>+120(SB)/8, $0
GLOBL ones<>(SB), RODATA|NOPTR, $128

// ---- moments ----
//
// Eight columns at a time: their sums stay in registers while all rows pass by.
// Columns past the last are zeros about an origin of zero, and add nothing to
// the sums that they touch.
//
//	DI  sums of the eight columns    R8  sums of squares    R9  origin
//	SI  first row at the columns     R10 bytes from row to row
//	BX  weights                      R11 bytes from weight to weight: if 0, all are 1
//	R12 row at the columns           R13 its weight         DX  rows left
//	CX  columns left                 AX  columns of these eight, then bytes to prefetch
//	Y0, Y1   the row's elements as float64, then t = x − origin
//	Y2, Y3   magnitudes and temporaries
//	Y4, Y5   sums        Y6, Y7   sums of squares      Y8, Y9  origin
//	Y10 largest magnitudes of all rows   Y11 of those that have a weight
//	Y12, Y15 masks of the columns (float32: Y12)       Y13 mask of magnitudes
//	Y14 weight, temporary

// Masks for AX columns, those for float64 being at R12.
#define MASKS32 \
	SHLQ $2, AX;                      \
	LEAQ ones<>+64(SB), R12;          \
	SUBQ AX, R12;                     \
	VMOVUPS (R12), Y12
#define MASKS64 \
	VMOVUPD (R12), Y12;               \
	VMOVUPD 32(R12), Y15

// A row's eight elements, widened, and their magnitudes in Y2.
#define LOAD32 \
	VMASKMOVPS (R12), Y12, Y2;        \
	VEXTRACTF128 $1, Y2, X1;          \
	VCVTPS2PD X2, Y0;                 \
	VCVTPS2PD X1, Y1;                 \
	VANDPS Y13, Y2, Y2

// A row's eight elements, and the larger magnitudes of the two halves in Y2.
#define LOAD64 \
	VMASKMOVPD (R12), Y12, Y0;        \
	VMASKMOVPD 32(R12), Y15, Y1;      \
	VANDPD Y13, Y1, Y3;               \
	VANDPD Y13, Y0, Y2;               \
	MAX64(Y3, Y2)

// Y = max(Y, X) for magnitudes: as integers they are in order, infinities and
// then NaNs on top. MAX64 loses Y14.
#define MAX32(X, Y) VPMAXUD X, Y, Y
#define MAX64(X, Y) \
	VPCMPGTQ Y, X, Y14;               \
	VBLENDVPD Y14, X, Y, Y

// The terms of a row of weight 1.
#define PLAIN(MAX) \
	MAX(Y2, Y11);                     \
	VSUBPD Y8, Y0, Y0;                \
	VSUBPD Y9, Y1, Y1;                \
	VADDPD Y0, Y4, Y4;                \
	VADDPD Y1, Y5, Y5;                \
	VMULPD Y0, Y0, Y2;                \
	VMULPD Y1, Y1, Y3;                \
	VADDPD Y2, Y6, Y6;                \
	VADDPD Y3, Y7, Y7

// The terms of a row of any weight.
#define WEIGHED(MAX) \
	MAX(Y2, Y10);                     \
	VXORPD Y3, Y3, Y3;                \
	VBROADCASTSD (R13), Y14;          \
	VCMPPD $1, Y14, Y3, Y3;           \ // 0 < weight
	VANDPD Y3, Y2, Y2;                \
	MAX(Y2, Y11);                     \
	VBROADCASTSD (R13), Y14;          \
	VSUBPD Y8, Y0, Y0;                \
	VSUBPD Y9, Y1, Y1;                \
	VMULPD Y14, Y0, Y2;               \
	VMULPD Y14, Y1, Y3;               \
	VADDPD Y2, Y4, Y4;                \
	VADDPD Y3, Y5, Y5;                \
	VMULPD Y2, Y0, Y2;                \
	VMULPD Y3, Y1, Y3;                \
	VADDPD Y2, Y6, Y6;                \
	VADDPD Y3, Y7, Y7;                \
	ADDQ R11, R13

// All columns. The rows that come 16 rows later are fetched: the processor does
// not foresee them when it goes through some columns at a time.
#define COLUMNS(BYTES, MASKS, LOAD, TERMS, MAX, columns, row) \
columns: \
	MOVQ $8, AX;                      \
	CMPQ CX, AX;                      \
	CMOVQLT CX, AX;                   \
	LEAQ (AX*8), R13;                 \
	LEAQ ones<>+64(SB), R12;          \
	SUBQ R13, R12;                    \
	VMOVUPD (R12), Y8;                \
	VMOVUPD 32(R12), Y9;              \
	VANDPD (R9), Y8, Y8;              \
	VANDPD 32(R9), Y9, Y9;            \
	MASKS;                            \
	VMOVUPD (DI), Y4;                 \
	VMOVUPD 32(DI), Y5;               \
	VMOVUPD (R8), Y6;                 \
	VMOVUPD 32(R8), Y7;               \
	MOVQ SI, R12;                     \
	MOVQ BX, R13;                     \
	MOVQ R10, AX;                     \
	SHLQ $4, AX;                      \
	MOVQ n+48(FP), DX;                \
row: \
	PREFETCHT0 (R12)(AX*1);           \
	LOAD;                             \
	TERMS(MAX);                       \
	ADDQ R10, R12;                    \
	DECQ DX;                          \
	JNZ  row;                         \
	VMOVUPD Y4, (DI);                 \
	VMOVUPD Y5, 32(DI);               \
	VMOVUPD Y6, (R8);                 \
	VMOVUPD Y7, 32(R8);               \
	ADDQ $64, DI;                     \
	ADDQ $64, R8;                     \
	ADDQ $64, R9;                     \
	ADDQ $(8*BYTES), SI;              \
	SUBQ $8, CX;                      \
	JGT  columns

#define MOMENTS(BYTES, SHIFTRIGHT, MASKS, LOAD, MAX, plain, plainrow, weighed, weighedrow, done) \
	MOVQ sums+0(FP), DI;              \
	MOVQ square+8(FP), R8;            \
	MOVQ tops+16(FP), AX;             \
	MOVQ x+24(FP), SI;                \
	MOVQ origin+32(FP), R9;           \
	MOVQ weights+40(FP), BX;          \
	MOVQ d+56(FP), CX;                \
	MOVQ ld+64(FP), R10;              \
	MOVQ ldw+72(FP), R11;             \
	IMULQ $BYTES, R10;                \
	VMOVUPS (AX), Y10;                \
	VMOVUPS 32(AX), Y11;              \
	VPCMPEQD Y13, Y13, Y13;           \
	SHIFTRIGHT $1, Y13, Y13;          \
	SHLQ $3, R11;                     \
	JNZ  weighed;                     \
	COLUMNS(BYTES, MASKS, LOAD, PLAIN, MAX, plain, plainrow); \
	MAX(Y11, Y10);                    \
	JMP  done;                        \
	COLUMNS(BYTES, MASKS, LOAD, WEIGHED, MAX, weighed, weighedrow); \
done: \
	MOVQ tops+16(FP), AX;             \
	VMOVUPS Y10, (AX);                \
	VMOVUPS Y11, 32(AX);              \
	VZEROUPPER;                       \
	RET

// func momentsF32AVX2(sums, square, tops, x, origin, weights unsafe.Pointer, n, d, ld, ldw int)
TEXT ·momentsF32AVX2(SB), NOSPLIT, $0-80
	MOMENTS(4, VPSRLD, MASKS32, LOAD32, MAX32, plain, plainrow, weighed, weighedrow, done)

// func momentsF64AVX2(sums, square, tops, x, origin, weights unsafe.Pointer, n, d, ld, ldw int)
TEXT ·momentsF64AVX2(SB), NOSPLIT, $0-80
	MOMENTS(8, VPSRLQ, MASKS64, LOAD64, MAX64, plain, plainrow, weighed, weighedrow, done)
