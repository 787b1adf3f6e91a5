//go:build !purego

#include "textflag.h"
#include "tiles_amd64.h"

// ---- tiles and listed centers ----
//
// The distances of the rows of listed tiles to a listed center each, in the lane order of
// squaredL2 (see kernel_amd64.s), and what follows from them: nearer centers, and the least
// difference to the reference distances. A tile is 64 bytes of each column, a row to a lane,
// so that a partial sum of the canonical order is a pair of registers here, and they are
// taken in the order in which they are added up: 0, 8, 4, 12, 2, … of 16.
//
//	DI  call (tileCall in tiles.go)    CX  pairs left
//	R9  tiles    R10 centers    R11 gaps    R12 took
//	SI  tile     R8  center     DX  bytes of a center
//	R13 64 · number of the tile: offset of its distances and references
//	AX  offset in the tile, BX in the center
//	Y0,Y1 sums, then distances    Y2 element of the center    Y3,Y4 terms
//	Y5…Y14 sums of the tree       Y15 number of the center
//	X0, X2…X5 terms of a bound, AX, BX, R8 its addresses and byte, at the end

// The terms of a column at AX and BX to Y3 and Y4.
#define TERMS(BCAST, SUB, MUL) \
	BCAST (R8)(BX*1), Y2;      \
	SUB (SI)(AX*1), Y2, Y3;    \
	SUB 32(SI)(AX*1), Y2, Y4;  \
	MUL Y3, Y3, Y3;            \
	MUL Y4, Y4, Y4

// Partial sum J to A0 and A1: columns J, J+LANES, J+2·LANES…
#define LEAF(SIZE, LANES, BCAST, SUB, MUL, ADD, J, A0, A1, more, done) \
	BCAST (SIZE*(J))(R8), Y2;        \
	SUB (64*(J))(SI), Y2, A0;        \
	SUB (64*(J)+32)(SI), Y2, A1;     \
	MUL A0, A0, A0;                  \
	MUL A1, A1, A1;                  \
	CMPQ DX, $(SIZE*(J+LANES));      \
	JLE  done;                       \
	MOVQ $(SIZE*(J+LANES)), BX;      \
	MOVQ $(64*(J+LANES)), AX;        \
more:                                    \
	TERMS(BCAST, SUB, MUL);          \
	ADD Y3, A0, A0;                  \
	ADD Y4, A1, A1;                  \
	ADDQ $(64*LANES), AX;            \
	ADDQ $64, BX;                    \
	CMPQ BX, DX;                     \
	JLT  more;                       \
done:

// Partial sums J and J + half of them, added up, to A0 and A1.
#define TWO(SIZE, LANES, BCAST, SUB, MUL, ADD, J, A0, A1, more, done, more2, done2) \
	LEAF(SIZE, LANES, BCAST, SUB, MUL, ADD, J, A0, A1, more, done)             \
	LEAF(SIZE, LANES, BCAST, SUB, MUL, ADD, (J+LANES/2), Y5, Y6, more2, done2) \
	ADD Y5, A0, A0;            \
	ADD Y6, A1, A1

#define TWO32(J, A0, A1, more, done, more2, done2) TWO(4, 16, VBROADCASTSS, VSUBPS, VMULPS, VADDPS, J, A0, A1, more, done, more2, done2)
#define TWO64(J, A0, A1, more, done, more2, done2) TWO(8, 8, VBROADCASTSD, VSUBPD, VMULPD, VADDPD, J, A0, A1, more, done, more2, done2)

// The distances of fewer columns than lanes, one after the other.
#define FEW(SIZE, BCAST, SUB, MUL, ADD, column, done) \
	VXORPS Y0, Y0, Y0;         \
	VXORPS Y1, Y1, Y1;         \
	XORQ AX, AX;               \
	XORQ BX, BX;               \
	CMPQ BX, DX;               \
	JGE  done;                 \
column:                        \
	TERMS(BCAST, SUB, MUL);    \
	ADD Y3, Y0, Y0;            \
	ADD Y4, Y1, Y1;            \
	ADDQ $64, AX;              \
	ADDQ $SIZE, BX;            \
	CMPQ BX, DX;               \
	JLT  column

// √best·up − ref of a tile, the larger ones of its parts, to X0, and √best·scale, which becomes
// ref, to X2.
#define REBASE(BCAST, SQRT, MUL, SUB, MAX, MOVE, SCALE, tile) \
	MOVQ out+0(FP), DI;           \
	MOVQ far+8(FP), DX;           \
	MOVQ best+16(FP), SI;         \
	MOVQ ref+24(FP), BX;          \
	MOVQ tiles+32(FP), R9;        \
	MOVQ n+40(FP), CX;            \
	BCAST up+48(FP), Y14;         \
	BCAST SCALE, Y15;             \
tile:                             \
	MOVLQSX (R9), R13;            \
	SHLQ $6, R13;                 \
	SQRT (SI)(R13*1), Y0;         \
	SQRT 32(SI)(R13*1), Y1;       \
	MUL  Y15, Y0, Y2;             \
	MUL  Y15, Y1, Y3;             \
	MUL  Y14, Y0, Y0;             \
	MUL  Y14, Y1, Y1;             \
	SUB  (BX)(R13*1), Y0, Y0;     \
	SUB  32(BX)(R13*1), Y1, Y1;   \
	MOVE Y2, (BX)(R13*1);         \
	MOVE Y3, 32(BX)(R13*1);       \
	MAX  Y1, Y0, Y0;              \
	MAX  Y3, Y2, Y2;              \
	VEXTRACTF128 $1, Y0, X1;      \
	VEXTRACTF128 $1, Y2, X3;      \
	MAX  X1, X0, X0;              \
	MAX  X3, X2, X2

// The least of each 8 bytes to the lowest of them, in Y0; the high half in X1.
#define EIGHTS \
	VMOVDQU (SI), Y0;        \
	VPSRLQ  $32, Y0, Y1;     \
	VPMINUB Y1, Y0, Y0;      \
	VPSRLQ  $16, Y0, Y1;     \
	VPMINUB Y1, Y0, Y0;      \
	VPSRLQ  $8, Y0, Y1;      \
	VPMINUB Y1, Y0, Y0

// The byte of a bound (see tileBound in tiles.go) from the gap in X0, a float32.
#define BOUND(next) \
	MOVQ    call_bounds(DI), BX;  \
	TESTQ   BX, BX;               \
	JZ      next;                 \
	MOVQ    call_base(DI), AX;    \
	SHRQ    $6, R13;              \
	MOVLQSX (R10), R8;            \
	VMOVSS  (AX)(R13*4), X2;      \
	MOVQ    call_drifts(DI), AX;  \
	VMOVSS  (AX)(R8*4), X3;       \
	VMOVSS  tileSign<>(SB), X4;   \
	VADDSS  X2, X0, X5;           \
	VADDSS  X3, X5, X5;           \
	VANDPS  X4, X0, X0;           \
	VANDPS  X4, X2, X2;           \
	VANDPS  X4, X3, X3;           \
	VADDSS  X2, X0, X0;           \
	VADDSS  X3, X0, X0;           \
	VMULSS  tileOff<>(SB), X0, X0; \
	VSUBSS  X0, X5, X5;           \
	VXORPS  X1, X1, X1;           \
	VMAXSS  X1, X5, X5;           \
	VMINSS  tileMost<>(SB), X5, X5; \
	VCVTTSS2SI X5, AX;            \
	SHLQ    $5, R8;               \
	ADDQ    R8, R13;              \
	MOVB    AX, (BX)(R13*1);      \
next:

// func tilesF32AVX2(call unsafe.Pointer)
TEXT ·tilesF32AVX2(SB), NOSPLIT, $0-8
	ARGUMENTS
	MOVQ call_n(DI), CX

pair32:
	PAIR((R9), (R10))
	CMPQ DX, $64
	JLT  few32

	// The tree of 16 partial sums: even ones, odd ones, both.
	TWO32(0, Y7, Y8, a0, b0, a8, b8)
	TWO32(4, Y9, Y10, a4, b4, a12, b12)
	VADDPS Y9, Y7, Y7
	VADDPS Y10, Y8, Y8
	TWO32(2, Y9, Y10, a2, b2, a10, b10)
	TWO32(6, Y11, Y12, a6, b6, a14, b14)
	VADDPS Y11, Y9, Y9
	VADDPS Y12, Y10, Y10
	VADDPS Y9, Y7, Y13
	VADDPS Y10, Y8, Y14
	TWO32(1, Y7, Y8, a1, b1, a9, b9)
	TWO32(5, Y9, Y10, a5, b5, a13, b13)
	VADDPS Y9, Y7, Y7
	VADDPS Y10, Y8, Y8
	TWO32(3, Y9, Y10, a3, b3, a11, b11)
	TWO32(7, Y11, Y12, a7, b7, a15, b15)
	VADDPS Y11, Y9, Y9
	VADDPS Y12, Y10, Y10
	VADDPS Y9, Y7, Y7
	VADDPS Y10, Y8, Y8
	VADDPS Y7, Y13, Y0
	VADDPS Y8, Y14, Y1
	JMP    nearer32

few32:
	FEW(4, VBROADCASTSS, VSUBPS, VMULPS, VADDPS, column32, nearer32)

nearer32:
	// Nearer, or as near and of a lower number: Y4 and Y6. Mostly there is none.
	MOVQ         call_best(DI), BX
	MOVQ         call_labels(DI), AX
	ADDQ         R13, BX
	ADDQ         R13, AX
	VMOVUPS      (BX), Y2
	VMOVUPS      32(BX), Y3
	VCMPPS       $0x12, Y2, Y0, Y4
	VCMPPS       $0x12, Y3, Y1, Y6
	VMOVMSKPS    Y4, SI
	VMOVMSKPS    Y6, R8
	SHLQ         $8, R8
	ORQ          R8, SI
	JZ           gap32
	VPBROADCASTD (R10), Y15
	VMOVDQU      (AX), Y7
	VMOVDQU      32(AX), Y8
	VCMPPS       $0x11, Y2, Y0, Y5
	VPCMPGTD     Y15, Y7, Y9
	VPAND        Y9, Y4, Y4
	VPOR         Y5, Y4, Y4
	VCMPPS       $0x11, Y3, Y1, Y5
	VPCMPGTD     Y15, Y8, Y9
	VPAND        Y9, Y6, Y6
	VPOR         Y5, Y6, Y6
	VMOVMSKPS    Y4, SI
	VMOVMSKPS    Y6, R8
	SHLQ         $8, R8
	ORQ          R8, SI
	VBLENDVPS    Y4, Y0, Y2, Y2
	VBLENDVPS    Y6, Y1, Y3, Y3
	VBLENDVPS    Y4, Y15, Y7, Y7
	VBLENDVPS    Y6, Y15, Y8, Y8
	VMOVUPS      Y2, (BX)
	VMOVUPS      Y3, 32(BX)
	VMOVDQU      Y7, (AX)
	VMOVDQU      Y8, 32(AX)

gap32:
	MOVL         SI, (R12)
	MOVQ         call_ref(DI), BX
	VBROADCASTSS call_scale(DI), Y14
	VSQRTPS      Y0, Y0
	VSQRTPS      Y1, Y1
	VMULPS       Y14, Y0, Y0
	VMULPS       Y14, Y1, Y1
	VSUBPS       (BX)(R13*1), Y0, Y0
	VSUBPS       32(BX)(R13*1), Y1, Y1
	VMINPS       Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VMINPS       X1, X0, X0
	VMOVHLPS     X0, X0, X1
	VMINPS       X1, X0, X0
	VMOVSHDUP    X0, X1
	VMINSS       X1, X0, X0
	VMOVSS       X0, (R11)
	BOUND(next32)

	ADDQ $4, R9
	ADDQ $4, R10
	ADDQ $4, R11
	ADDQ $4, R12
	DECQ CX
	JNZ  pair32
	VZEROUPPER
	RET

// func tilesF64AVX2(call unsafe.Pointer)
TEXT ·tilesF64AVX2(SB), NOSPLIT, $0-8
	ARGUMENTS
	MOVQ call_n(DI), CX

pair64:
	PAIR((R9), (R10))
	CMPQ DX, $64
	JLT  few64

	// The tree of 8 partial sums.
	TWO64(0, Y7, Y8, a0, b0, a4, b4)
	TWO64(2, Y9, Y10, a2, b2, a6, b6)
	VADDPD Y9, Y7, Y13
	VADDPD Y10, Y8, Y14
	TWO64(1, Y7, Y8, a1, b1, a5, b5)
	TWO64(3, Y9, Y10, a3, b3, a7, b7)
	VADDPD Y9, Y7, Y7
	VADDPD Y10, Y8, Y8
	VADDPD Y7, Y13, Y0
	VADDPD Y8, Y14, Y1
	JMP    nearer64

few64:
	FEW(8, VBROADCASTSD, VSUBPD, VMULPD, VADDPD, column64, nearer64)

nearer64:
	// As in float32, with labels of 64 bits while they are compared.
	MOVQ         call_best(DI), BX
	MOVQ         call_labels(DI), AX
	ADDQ         R13, BX
	VMOVUPD      (BX), Y2
	VMOVUPD      32(BX), Y3
	VCMPPD       $0x12, Y2, Y0, Y4
	VCMPPD       $0x12, Y3, Y1, Y6
	VMOVMSKPD    Y4, SI
	VMOVMSKPD    Y6, R8
	SHLQ         $4, R8
	ORQ          R8, SI
	JZ           gap64
	MOVQ         R13, SI
	SHRQ         $1, SI
	ADDQ         SI, AX
	MOVLQSX      (R10), R8
	VMOVQ        R8, X15
	VPBROADCASTQ X15, Y15
	VPMOVSXDQ    (AX), Y7
	VPMOVSXDQ    16(AX), Y8
	VCMPPD       $0x11, Y2, Y0, Y5
	VPCMPGTQ     Y15, Y7, Y9
	VPAND        Y9, Y4, Y4
	VPOR         Y5, Y4, Y4
	VCMPPD       $0x11, Y3, Y1, Y5
	VPCMPGTQ     Y15, Y8, Y9
	VPAND        Y9, Y6, Y6
	VPOR         Y5, Y6, Y6
	VMOVMSKPD    Y4, SI
	VMOVMSKPD    Y6, R8
	SHLQ         $4, R8
	ORQ          R8, SI
	VBLENDVPD    Y4, Y0, Y2, Y2
	VBLENDVPD    Y6, Y1, Y3, Y3
	VBLENDVPD    Y4, Y15, Y7, Y7
	VBLENDVPD    Y6, Y15, Y8, Y8
	VMOVUPD      Y2, (BX)
	VMOVUPD      Y3, 32(BX)
	VSHUFPS      $0x88, Y8, Y7, Y7
	VPERMQ       $0xD8, Y7, Y7
	VMOVDQU      Y7, (AX)

gap64:
	MOVL         SI, (R12)
	MOVQ         call_ref(DI), BX
	VBROADCASTSD call_scale(DI), Y14
	VSQRTPD      Y0, Y0
	VSQRTPD      Y1, Y1
	VMULPD       Y14, Y0, Y0
	VMULPD       Y14, Y1, Y1
	VSUBPD       (BX)(R13*1), Y0, Y0
	VSUBPD       32(BX)(R13*1), Y1, Y1
	VMINPD       Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VMINPD       X1, X0, X0
	VUNPCKHPD    X0, X0, X1
	VMINSD       X1, X0, X0
	VMOVSD       X0, (R11)
	VCVTSD2SS    X0, X0, X0
	BOUND(next64)

	ADDQ $4, R9
	ADDQ $4, R10
	ADDQ $8, R11
	ADDQ $4, R12
	DECQ CX
	JNZ  pair64
	VZEROUPPER
	RET

// ---- rebase ----
//
// out[i] is the largest √best·up − ref of the rows of tile tiles[i], whose references then
// become √best·scale, and far[i] the largest of these.
//
//	DI  out    DX  far    SI  best    BX  ref    R9  tiles    CX  tiles left
//	R13 offset    Y14 up    Y15 scale

// func rebaseF32AVX2(out, far, best, ref, tiles unsafe.Pointer, n int, up, scale float32)
TEXT ·rebaseF32AVX2(SB), NOSPLIT, $0-56
	REBASE(VBROADCASTSS, VSQRTPS, VMULPS, VSUBPS, VMAXPS, VMOVUPS, scale+52(FP), tile32)
	VMOVHLPS  X0, X0, X1
	VMOVHLPS  X2, X2, X3
	VMAXPS    X1, X0, X0
	VMAXPS    X3, X2, X2
	VMOVSHDUP X0, X1
	VMOVSHDUP X2, X3
	VMAXSS    X1, X0, X0
	VMAXSS    X3, X2, X2
	VMOVSS    X0, (DI)
	VMOVSS    X2, (DX)
	ADDQ      $4, DI
	ADDQ      $4, DX
	ADDQ      $4, R9
	DECQ      CX
	JNZ       tile32
	VZEROUPPER
	RET

// func rebaseF64AVX2(out, far, best, ref, tiles unsafe.Pointer, n int, up, scale float64)
TEXT ·rebaseF64AVX2(SB), NOSPLIT, $0-64
	REBASE(VBROADCASTSD, VSQRTPD, VMULPD, VSUBPD, VMAXPD, VMOVUPD, scale+56(FP), tile64)
	VUNPCKHPD X0, X0, X1
	VUNPCKHPD X2, X2, X3
	VMAXSD    X1, X0, X0
	VMAXSD    X3, X2, X2
	VMOVSD    X0, (DI)
	VMOVSD    X2, (DX)
	ADDQ      $8, DI
	ADDQ      $8, DX
	ADDQ      $4, R9
	DECQ      CX
	JNZ       tile64
	VZEROUPPER
	RET

// ---- least bytes of tiles ----
//
// The least byte of each 16 (two tiles of float32) or 8 (four of float64) of 32 rows, for k
// centers, 32 bytes apart in both.
//
//	DI  dst    SI  src    CX  centers left

// func leastF32AVX2(dst, src unsafe.Pointer, k int)
TEXT ·leastF32AVX2(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ k+16(FP), CX

center32:
	EIGHTS
	VPSRLDQ      $8, Y0, Y1
	VPMINUB      Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPEXTRB      $0, X0, (DI)
	VPEXTRB      $0, X1, 1(DI)
	ADDQ         $32, SI
	ADDQ         $32, DI
	DECQ         CX
	JNZ          center32
	VZEROUPPER
	RET

// func leastF64AVX2(dst, src unsafe.Pointer, k int)
TEXT ·leastF64AVX2(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ k+16(FP), CX

center64:
	EIGHTS
	VEXTRACTI128 $1, Y0, X1
	VPEXTRB      $0, X0, (DI)
	VPEXTRB      $8, X0, 1(DI)
	VPEXTRB      $0, X1, 2(DI)
	VPEXTRB      $8, X1, 3(DI)
	ADDQ         $32, SI
	ADDQ         $32, DI
	DECQ         CX
	JNZ          center64
	VZEROUPPER
	RET
