//go:build !purego

#include "textflag.h"
#include "tiles_amd64.h"

// ---- tiles and listed centers ----
//
// As in tiles_amd64.s, where a tile's rows fill one register here: so all partial sums of
// the canonical order are kept at once, sum j of columns j, j+LANES, j+2·LANES… in Zj.
//
// What follows from the distances of a pair takes many steps, of which each waits for the one
// before: it is done for eight pairs at a time.
//
//	DI  call (tileCall in tiles.go)    R9  tiles    R10 centers    R11 gaps    R12 took
//	CX  4 · number of the pair in the eight, of which there are as many as pairs says
//	SI  column of the tile     R8  element of the center     DX  bytes of a center
//	BX  bytes left of it
//	R13 64 · number of the tile: offset of its distances and references
//	Z0  distances in the end    Z0…Z15 partial sums    Z16…Z23 terms
//	Z30 scale
//
// and for the eight, where AX, BX, R8 and R13 are temporaries,
//
//	Z0  gaps, Y0 in float32     Y1 tiles    Y2 centers    Y3 bases    Y4 drifts
//	K3  those that there are
//
// On the stack: of each pair, the lesser ones of the halves of a tile; the eight bytes as
// integers; 4 · the number of pairs; how many are left with them.

// The term of column j to A.
#define TERM(j, A) \
	LOAD (64*(j))(SI), A;           \
	SUB.BCST (ES*(j))(R8), A, A;    \
	MUL  A, A, A

// Column j to partial sum A; T is lost.
#define MORE(j, A, T) TERM(j, T); ADD T, A, A

// The same, if there is such a column.
#define LAST(j, A, T, done) \
	CMPQ BX, $(ES*(j));     \
	JLE  done;              \
	MORE(j, A, T)

// Eight columns, from j on.
#define FIRST8(j, A, B, C, D, E, F, G, H) \
	TERM(j, A);    \
	TERM(j+1, B);  \
	TERM(j+2, C);  \
	TERM(j+3, D);  \
	TERM(j+4, E);  \
	TERM(j+5, F);  \
	TERM(j+6, G);  \
	TERM(j+7, H)
#define MORE8(j, A, B, C, D, E, F, G, H) \
	MORE(j, A, Z16);    \
	MORE(j+1, B, Z17);  \
	MORE(j+2, C, Z18);  \
	MORE(j+3, D, Z19);  \
	MORE(j+4, E, Z20);  \
	MORE(j+5, F, Z21);  \
	MORE(j+6, G, Z22);  \
	MORE(j+7, H, Z23)
#define LAST7(j, A, B, C, D, E, F, G, done) \
	LAST(j, A, Z16, done);    \
	LAST(j+1, B, Z17, done);  \
	LAST(j+2, C, Z18, done);  \
	LAST(j+3, D, Z19, done);  \
	LAST(j+4, E, Z20, done);  \
	LAST(j+5, F, Z21, done);  \
	LAST(j+6, G, Z22, done)

#define FIRST16 \
	FIRST8(0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7);       \
	FIRST8(8, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15)
#define MORE16 \
	MORE8(0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7);        \
	MORE8(8, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15)
#define LAST15(done) \
	LAST7(0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, done);      \
	LAST(7, Z7, Z23, done);                          \
	LAST7(8, Z8, Z9, Z10, Z11, Z12, Z13, Z14, done)

// The tree of eight sums.
#define TREE8 \
	ADD Z4, Z0, Z0;  \
	ADD Z6, Z2, Z2;  \
	ADD Z5, Z1, Z1;  \
	ADD Z7, Z3, Z3;  \
	ADD Z2, Z0, Z0;  \
	ADD Z3, Z1, Z1;  \
	ADD Z1, Z0, Z0
#define TREE16 \
	ADD Z8, Z0, Z0;  \
	ADD Z12, Z4, Z4; \
	ADD Z10, Z2, Z2; \
	ADD Z14, Z6, Z6; \
	ADD Z9, Z1, Z1;  \
	ADD Z13, Z5, Z5; \
	ADD Z11, Z3, Z3; \
	ADD Z15, Z7, Z7; \
	TREE8

// The distances of a tile to a center, in Z0; of fewer columns than lanes one after the other.
#define DISTANCES(FIRST, BLOCK, LASTS, TREE, block, rest, tree, few, column, done) \
	MOVQ DX, BX;             \
	SUBQ $64, BX;            \
	JLT  few;                \
	FIRST;                   \
	SUBQ $64, BX;            \
	JLT  rest;               \
block:                       \
	ADDQ $(64*64/ES), SI;    \
	ADDQ $64, R8;            \
	BLOCK;                   \
	SUBQ $64, BX;            \
	JGE  block;              \
rest:                        \
	ADDQ $64, BX;            \
	JZ   tree;               \
	ADDQ $(64*64/ES), SI;    \
	ADDQ $64, R8;            \
	LASTS(tree);             \
tree:                        \
	TREE;                    \
	JMP  done;               \
few:                         \
	VPXORD Z0, Z0, Z0;       \
	TESTQ DX, DX;            \
	JZ   done;               \
	MOVQ DX, BX;             \
column:                      \
	MORE(0, Z0, Z16);        \
	ADDQ $64, SI;            \
	ADDQ $ES, R8;            \
	SUBQ $ES, BX;            \
	JNZ  column;             \
done:

#define HALVES halves-256(SP)
#define BYTES bytes-288(SP)
#define PAIRS pairs-296(SP)
#define LEFT left-304(SP)

// The next pairs, up to eight of those left: PAIRS, CX at the first one, and K3.
#define EIGHT \
	MOVQ  LEFT, AX;         \
	MOVL  $8, CX;           \
	CMPQ  AX, CX;           \
	CMOVQGT CX, AX;         \
	MOVQ  AX, CX;           \
	SHLQ  $2, AX;           \
	MOVQ  AX, PAIRS;        \
	MOVL  $1, AX;           \
	SHLL  CX, AX;           \
	DECL  AX;               \
	KMOVW AX, K3;           \
	XORL  CX, CX

// Rows that are nearer, or as near and of a lower number: K1. The labels at AX are L. Mostly
// there is none.
#define NEARER(L, took) \
	MOVQ  call_best(DI), BX;           \
	LOAD  (BX)(R13*1), Z1;             \
	CMP   $0x12, Z1, Z0, K1;           \
	KMOVW K1, SI;                      \
	TESTL SI, SI;                      \
	JZ    took;                        \
	VMOVDQU32 (AX), L;                 \
	CMP   $0x11, Z1, Z0, K2;           \
	VPCMPD.BCST $6, (R10)(CX*1), L, K1, K1; \
	KORW  K2, K1, K1;                  \
	KMOVW K1, SI;                      \
	LOAD  Z0, K1, Z1;                  \
	VPBROADCASTD (R10)(CX*1), K1, L;   \
	LOAD  Z1, (BX)(R13*1);             \
	VMOVDQU32 L, (AX);                 \
took:                                      \
	MOVL  SI, (R12)(CX*1)

// √distance·scale − ref: the lesser ones of the halves.
#define ROOTS \
	MOVQ call_ref(DI), BX;     \
	SQRT Z0, Z0;               \
	MUL  Z30, Z0, Z0;          \
	SUB  (BX)(R13*1), Z0, Z0;  \
	VEXTRACTF64X4 $1, Z0, Y1;  \
	MIN  Y1, Y0, Y0;           \
	LOAD Y0, HALVES(CX*8)

// Pairs i and i+2 to the halves of Z.
#define JOIN(i, Y, Z) \
	LOAD halves-(256-32*i)(SP), Y; \
	VINSERTF64X4 $1, halves-(256-32*(i+2))(SP), Z, Z

// The lesser ones of pairs 0, 2, 4 and 6 to quarters of Z0, of 1, 3, 5 and 7 to those of Z1.
#define QUARTERS \
	JOIN(0, Y2, Z2);               \
	JOIN(4, Y3, Z3);               \
	JOIN(1, Y4, Z4);               \
	JOIN(5, Y5, Z5);               \
	VSHUFF64X2 $0x88, Z3, Z2, Z0;  \
	VSHUFF64X2 $0xDD, Z3, Z2, Z2;  \
	VSHUFF64X2 $0x88, Z5, Z4, Z1;  \
	VSHUFF64X2 $0xDD, Z5, Z4, Z4;  \
	MIN  Z2, Z0, Z0;               \
	MIN  Z4, Z1, Z1

// The bytes of the bounds (see tileBound in tiles.go) from the gaps in Y0, in float32.
#define BOUNDS(byte, none) \
	MOVQ  call_bounds(DI), BX;          \
	TESTQ BX, BX;                       \
	JZ    none;                         \
	VMOVDQU32.Z (R9), K3, Y1;           \
	VMOVDQU32.Z (R10), K3, Y2;          \
	MOVQ  call_base(DI), AX;            \
	MOVQ  call_drifts(DI), R8;          \
	KMOVW K3, K1;                       \
	KMOVW K3, K2;                       \
	VPXOR Y3, Y3, Y3;                   \
	VPXOR Y4, Y4, Y4;                   \
	VGATHERDPS (AX)(Y1*4), K1, Y3;      \
	VGATHERDPS (R8)(Y2*4), K2, Y4;      \
	VADDPS Y3, Y0, Y5;                  \
	VADDPS Y4, Y5, Y5;                  \
	VPANDD.BCST tileSign<>(SB), Y0, Y0; \
	VPANDD.BCST tileSign<>(SB), Y3, Y3; \
	VPANDD.BCST tileSign<>(SB), Y4, Y4; \
	VADDPS Y3, Y0, Y0;                  \
	VADDPS Y4, Y0, Y0;                  \
	VMULPS.BCST tileOff<>(SB), Y0, Y0;  \
	VSUBPS Y0, Y5, Y5;                  \
	VPXOR  Y1, Y1, Y1;                  \
	VMAXPS Y1, Y5, Y5;                  \
	VMINPS.BCST tileMost<>(SB), Y5, Y5; \
	VCVTTPS2DQ Y5, Y5;                  \
	VMOVDQU Y5, BYTES;                  \
	XORL  CX, CX;                       \
byte:                                       \
	MOVLQSX (R10)(CX*1), R8;            \
	MOVLQSX (R9)(CX*1), R13;            \
	MOVL  BYTES(CX*1), AX;              \
	SHLQ  $5, R8;                       \
	ADDQ  R13, R8;                      \
	MOVB  AX, (BX)(R8*1);               \
	ADDQ  $4, CX;                       \
	CMPQ  CX, PAIRS;                    \
	JLT   byte;                         \
none:

// ---- float32 ----

#define ES 4
#define LOAD VMOVUPS
#define ADD VADDPS
#define SUB VSUBPS
#define MUL VMULPS
#define MIN VMINPS
#define CMP VCMPPS
#define SQRT VSQRTPS

// func tilesF32AVX512(call unsafe.Pointer)
TEXT ·tilesF32AVX512(SB), NOSPLIT, $304-8
	ARGUMENTS
	MOVQ call_n(DI), AX
	MOVQ AX, LEFT
	VBROADCASTSS call_scale(DI), Z30

eight:
	EIGHT

pair:
	PAIR((R9)(CX*1), (R10)(CX*1))
	DISTANCES(FIRST16, MORE16, LAST15, TREE16, block, rest, tree, few, column, nearer)
	MOVQ call_labels(DI), AX
	ADDQ R13, AX
	NEARER(Z2, took)
	ROOTS
	ADDQ $4, CX
	CMPQ CX, PAIRS
	JLT  pair

	QUARTERS
	VSHUFPS    $0x88, Z1, Z0, Z2
	VSHUFPS    $0xDD, Z1, Z0, Z0
	VMINPS     Z2, Z0, Z0
	VPERMILPS  $0xB1, Z0, Z1
	VMINPS     Z1, Z0, Z0
	VPMOVQD    Z0, Y0
	VMOVUPS    Y0, K3, (R11)
	BOUNDS(byte, none)
	ADDQ $32, R9
	ADDQ $32, R10
	ADDQ $32, R11
	ADDQ $32, R12
	SUBQ $8, LEFT
	JGT  eight
	VZEROUPPER
	RET

// ---- float64 ----

#undef ES
#undef LOAD
#undef ADD
#undef SUB
#undef MUL
#undef MIN
#undef CMP
#undef SQRT
#define ES 8
#define LOAD VMOVUPD
#define ADD VADDPD
#define SUB VSUBPD
#define MUL VMULPD
#define MIN VMINPD
#define CMP VCMPPD
#define SQRT VSQRTPD

#define FIRST8COLUMNS FIRST8(0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
#define MORE8COLUMNS MORE8(0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
#define LAST7COLUMNS(done) LAST7(0, Z0, Z1, Z2, Z3, Z4, Z5, Z6, done)

// func tilesF64AVX512(call unsafe.Pointer)
TEXT ·tilesF64AVX512(SB), NOSPLIT, $304-8
	ARGUMENTS
	MOVQ call_n(DI), AX
	MOVQ AX, LEFT
	VBROADCASTSD call_scale(DI), Z30

eight:
	EIGHT

pair:
	PAIR((R9)(CX*1), (R10)(CX*1))
	DISTANCES(FIRST8COLUMNS, MORE8COLUMNS, LAST7COLUMNS, TREE8, block, rest, tree, few, column, nearer)
	MOVQ R13, AX
	SHRQ $1, AX
	ADDQ call_labels(DI), AX
	NEARER(Y2, took)
	ROOTS
	ADDQ $4, CX
	CMPQ CX, PAIRS
	JLT  pair

	QUARTERS
	VUNPCKLPD Z1, Z0, Z2
	VUNPCKHPD Z1, Z0, Z0
	VMINPD    Z2, Z0, Z0
	VMOVUPD   Z0, K3, (R11)
	VCVTPD2PS Z0, Y0
	BOUNDS(byte, none)
	ADDQ $32, R9
	ADDQ $32, R10
	ADDQ $64, R11
	ADDQ $32, R12
	SUBQ $8, LEFT
	JGT  eight
	VZEROUPPER
	RET
