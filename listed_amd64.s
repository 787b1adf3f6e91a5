//go:build !purego

#include "textflag.h"

// ---- squaredL2 of listed pairs ----
//
// out[i] of row rows[i] of x and row idx[i] of y, in the lane order of squaredL2 (see
// kernel_amd64.s): 64 bytes of partial sums, added in halves at the end. Two pairs at a
// time, because the sums of one are a chain of additions.
//
//	DI  out    R9  rows    R10 idx    CX  pairs left    R11 ldx, R12 ldy in bytes
//	SI  row    R8  partner of the first pair    BX  row    R13 partner of the second
//	DX  bytes in whole blocks    AX  byte offset
//	Y0,Y1 partial sums of the first pair    Y6,Y7 of the second    Y2…Y5 elements
//	Y14,Y15 masks of the last block

// Masks for the last block: 64 bytes set, 64 clear.
DATA listedMask<>+0(SB)/8, $-1
DATA listedMask<>+8(SB)/8, $-1
DATA listedMask<>+16(SB)/8, $-1
DATA listedMask<>+24(SB)/8, $-1
DATA listedMask<>+32(SB)/8, $-1
DATA listedMask<>+40(SB)/8, $-1
DATA listedMask<>+48(SB)/8, $-1
DATA listedMask<>+56(SB)/8, $-1
GLOBL listedMask<>(SB), RODATA|NOPTR, $128

// The addresses of a pair.
#define PAIR(at, ROW, PARTNER) \
	MOVLQSX at(R9), ROW;           \
	MOVLQSX at(R10), PARTNER;      \
	IMULQ R11, ROW;                \
	IMULQ R12, PARTNER;            \
	ADDQ x+8(FP), ROW;             \
	ADDQ y+24(FP), PARTNER

// The terms of 64 bytes at the offset, added to S0 and S1.
#define BLOCK(LOAD, SUB, MUL, ADD, ROW, PARTNER, A, B, S0, S1) \
	LOAD (ROW)(AX*1), A;           \
	LOAD 32(ROW)(AX*1), B;         \
	SUB  (PARTNER)(AX*1), A, A;    \
	SUB  32(PARTNER)(AX*1), B, B;  \
	MUL  A, A, A;                  \
	MUL  B, B, B;                  \
	ADD  A, S0, S0;                \
	ADD  B, S1, S1

// The same for the last block, of which the masks leave some.
#define LAST(MASKLOAD, SUB, MUL, ADD, ROW, PARTNER, S0, S1) \
	MASKLOAD (ROW)(AX*1), Y14, Y2;       \
	MASKLOAD 32(ROW)(AX*1), Y15, Y3;     \
	MASKLOAD (PARTNER)(AX*1), Y14, Y4;   \
	MASKLOAD 32(PARTNER)(AX*1), Y15, Y5; \
	SUB Y4, Y2, Y2;                      \
	SUB Y5, Y3, Y3;                      \
	MUL Y2, Y2, Y2;                      \
	MUL Y3, Y3, Y3;                      \
	ADD Y2, S0, S0;                      \
	ADD Y3, S1, S1

// The lanes of Y0 and Y1 to the first of X0.
#define SUM32(S0, S1, X, XT) \
	VADDPS S1, S0, S0;         \
	VEXTRACTF128 $1, S0, XT;   \
	VADDPS XT, X, X;           \
	VMOVHLPS X, X, XT;         \
	VADDPS XT, X, X;           \
	VMOVSHDUP X, XT;           \
	VADDSS XT, X, X
#define SUM64(S0, S1, X, XT) \
	VADDPD S1, S0, S0;         \
	VEXTRACTF128 $1, S0, XT;   \
	VADDPD XT, X, X;           \
	VUNPCKHPD X, X, XT;        \
	VADDSD XT, X, X

#define LISTED(SHIFT, LOAD, SUB, MUL, ADD, MASKLOAD, SUM, STORE, two, blocks2, tail2, sum2, one, blocks1, tail1, sum1, done) \
	MOVQ out+0(FP), DI;              \
	MOVQ rows+16(FP), R9;            \
	MOVQ idx+32(FP), R10;            \
	MOVQ n+40(FP), CX;               \
	MOVQ d+48(FP), DX;               \
	MOVQ ldx+56(FP), R11;            \
	MOVQ ldy+64(FP), R12;            \
	SHLQ $SHIFT, DX;                 \
	SHLQ $SHIFT, R11;                \
	SHLQ $SHIFT, R12;                \
	MOVQ DX, AX;                     \
	ANDQ $63, AX;                    \
	LEAQ listedMask<>+64(SB), BX;    \
	SUBQ AX, BX;                     \
	VMOVUPS (BX), Y14;               \
	VMOVUPS 32(BX), Y15;             \
	SUBQ $2, CX;                     \
	JLT  one;                        \
two: \
	PAIR(0, SI, R8);                 \
	PAIR(4, BX, R13);                \
	ANDQ $-64, DX;                   \
	VXORPS Y0, Y0, Y0;               \
	VXORPS Y1, Y1, Y1;               \
	VXORPS Y6, Y6, Y6;               \
	VXORPS Y7, Y7, Y7;               \
	XORQ AX, AX;                     \
	CMPQ AX, DX;                     \
	JGE  tail2;                      \
blocks2: \
	BLOCK(LOAD, SUB, MUL, ADD, SI, R8, Y2, Y3, Y0, Y1);  \
	BLOCK(LOAD, SUB, MUL, ADD, BX, R13, Y4, Y5, Y6, Y7); \
	ADDQ $64, AX;                    \
	CMPQ AX, DX;                     \
	JLT  blocks2;                    \
tail2: \
	MOVQ d+48(FP), DX;               \
	SHLQ $SHIFT, DX;                 \
	CMPQ AX, DX;                     \
	JEQ  sum2;                       \
	LAST(MASKLOAD, SUB, MUL, ADD, SI, R8, Y0, Y1);  \
	LAST(MASKLOAD, SUB, MUL, ADD, BX, R13, Y6, Y7); \
sum2: \
	SUM(Y0, Y1, X0, X1);             \
	SUM(Y6, Y7, X6, X7);             \
	STORE X0, (DI);                  \
	STORE X6, (1<<SHIFT)(DI);        \
	ADDQ $(2<<SHIFT), DI;            \
	ADDQ $8, R9;                     \
	ADDQ $8, R10;                    \
	SUBQ $2, CX;                     \
	JGE  two;                        \
one: \
	ADDQ $2, CX;                     \
	JZ   done;                       \
	PAIR(0, SI, R8);                 \
	ANDQ $-64, DX;                   \
	VXORPS Y0, Y0, Y0;               \
	VXORPS Y1, Y1, Y1;               \
	XORQ AX, AX;                     \
	CMPQ AX, DX;                     \
	JGE  tail1;                      \
blocks1: \
	BLOCK(LOAD, SUB, MUL, ADD, SI, R8, Y2, Y3, Y0, Y1); \
	ADDQ $64, AX;                    \
	CMPQ AX, DX;                     \
	JLT  blocks1;                    \
tail1: \
	MOVQ d+48(FP), DX;               \
	SHLQ $SHIFT, DX;                 \
	CMPQ AX, DX;                     \
	JEQ  sum1;                       \
	LAST(MASKLOAD, SUB, MUL, ADD, SI, R8, Y0, Y1); \
sum1: \
	SUM(Y0, Y1, X0, X1);             \
	STORE X0, (DI);                  \
done: \
	VZEROUPPER;                      \
	RET

// func squaredL2ListedF32AVX2(out, x, rows, y, idx unsafe.Pointer, n, d, ldx, ldy int)
TEXT ·squaredL2ListedF32AVX2(SB), NOSPLIT, $0-72
	LISTED(2, VMOVUPS, VSUBPS, VMULPS, VADDPS, VMASKMOVPS, SUM32, VMOVSS, two, blocks2, tail2, sum2, one, blocks1, tail1, sum1, done)

// func squaredL2ListedF64AVX2(out, x, rows, y, idx unsafe.Pointer, n, d, ldx, ldy int)
TEXT ·squaredL2ListedF64AVX2(SB), NOSPLIT, $0-72
	LISTED(3, VMOVUPD, VSUBPD, VMULPD, VADDPD, VMASKMOVPD, SUM64, VMOVSD, two, blocks2, tail2, sum2, one, blocks1, tail1, sum1, done)
