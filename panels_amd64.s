//go:build !purego

#include "textflag.h"
#include "funcdata.h"

// Whole panels of rows, one after the other, in one call: pack, nearest and
// settle without the way through Go between them, which is some 70 cycles a panel.
// For centers in one block and one run of columns.
//
//	R8  the call, a panelCall: its pointers stay, for one past the end of a slice
//	    would be none to the garbage collector; offsets move from panel to panel
//	AX, BX  copies

#define COPY(from, to) \
	MOVQ from(R8), AX;       \
	MOVQ AX, to(SP)

#define COPYAT(from, offset, to) \
	MOVQ from(R8), AX;       \
	ADDQ offset(R8), AX;     \
	MOVQ AX, to(SP)

// The ranking by all groups, which a calledGroups at byte o of the call describes, when state and
// panel are in place.
#define RANKGROUPS(o, NEAREST, one) \
	COPY(o, 16);             \ // full groups
	COPY((o+8), 32);         \ // their number
	COPY((o+16), 40);        \ // their size
	COPY((o+24), 48);        \ // depth
	XORL AX, AX;             \
	MOVQ AX, 24(SP);         \ // no totals
	MOVQ AX, 56(SP);         \ // one run
	MOVQ AX, 64(SP);         \
	MOVQ AX, 72(SP);         \ // nothing ahead
	CALL NEAREST;            \
	MOVQ call+0(FP), R8;     \
	MOVQ (o+40)(R8), BX;     \
	TESTQ BX, BX;            \
	JZ   one;                \
	MOVQ BX, 32(SP);         \
	COPY((o+32), 16);        \ // groups of one center less
	COPY((o+48), 40);        \
	CALL NEAREST;            \
	MOVQ call+0(FP), R8

#define PANELS(PACK, NEAREST, SETTLE, panel, one) \
panel: \
	MOVQ call+0(FP), R8;     \
	COPY(0, 0);              \ // panel
	COPYAT(8, 192, 8);       \ // norms
	COPYAT(16, 168, 16);     \ // x
	COPY(24, 24);            \ // shift
	COPY(32, 32);            \ // rows of a panel
	COPY(40, 40);            \ // leading dimension
	COPY(48, 48);            \ // columns
	CALL PACK;               \
	MOVQ call+0(FP), R8;     \
	COPY(56, 0);             \ // state
	COPY(0, 8);              \ // panel
	RANKGROUPS(64, NEAREST, one); \
one: \
	COPYAT(120, 176, 0);     \ // labels
	COPYAT(128, 192, 8);     \ // runners-up
	COPY(56, 16);            \ // state
	COPYAT(8, 192, 24);      \ // norms
	COPY(136, 32);           \ // bound
	CALL SETTLE;             \
	MOVQ call+0(FP), R8;     \
	MOVQ 40(SP), AX;         \
	MOVQ 144(R8), BX;        \
	ADDQ 184(R8), BX;        \
	MOVQ AX, (BX);           \ // settled rows
	ADDQ $8, 184(R8);        \
	MOVQ 32(R8), AX;         \
	SHLQ $2, AX;             \
	ADDQ AX, 176(R8);        \
	MOVQ 152(R8), BX;        \ // bytes of the rows of a panel
	ADDQ BX, 168(R8);        \
	MOVQ 200(R8), BX;        \ // bytes of a number for each row of a panel
	ADDQ BX, 192(R8);        \
	DECQ 160(R8);            \ // panels left
	JNZ  panel;              \
	RET

// func panelsF32AVX2(call unsafe.Pointer)
TEXT ·panelsF32AVX2(SB), 0, $80-8
	NO_LOCAL_POINTERS
	PANELS(·packF32AVX2(SB), ·nearestF32AVX2(SB), ·settleF32AVX2(SB), panel, one)

// func panelsF64AVX2(call unsafe.Pointer)
TEXT ·panelsF64AVX2(SB), 0, $80-8
	NO_LOCAL_POINTERS
	PANELS(·packF64AVX2(SB), ·nearestF64AVX2(SB), ·settleF64AVX2(SB), panel, one)

// func panelsF32AVX512(call unsafe.Pointer)
TEXT ·panelsF32AVX512(SB), 0, $80-8
	NO_LOCAL_POINTERS
	PANELS(·packF32AVX512(SB), ·nearestF32AVX512(SB), ·settleF32AVX512(SB), panel, one)

// func panelsF64AVX512(call unsafe.Pointer)
TEXT ·panelsF64AVX512(SB), 0, $80-8
	NO_LOCAL_POINTERS
	PANELS(·packF64AVX512(SB), ·nearestF64AVX512(SB), ·settleF64AVX512(SB), panel, one)

// Whole panels of rows whose integers are kept: factors, nearest and settle, one panel after the
// other, those that are wanted.
//
//	R8  the call, a keptCall, as above    R9 state    R10 factors

#define FACTORS32 \
	VMOVDQU (R10), Y0;       \
	VMOVDQU 32(R10), Y1;     \
	VMOVDQU Y0, 192(R9);     \
	VMOVDQU Y1, 224(R9)

#define FACTORS64 \
	VMOVDQU (R10), Y0;       \
	VMOVDQU 32(R10), Y1;     \
	VMOVDQU 64(R10), Y2;     \
	VMOVDQU 96(R10), Y3;     \
	VMOVDQU Y0, 384(R9);     \
	VMOVDQU Y1, 416(R9);     \
	VMOVDQU Y2, 448(R9);     \
	VMOVDQU Y3, 480(R9)

#define KEPTPANELS(FACTORS, NEAREST, SETTLE, panel, one, next) \
panel: \
	MOVQ call+0(FP), R8;     \
	SHRQ $1, 192(R8);        \ // wanted
	JCC  next;               \
	MOVQ (R8), R9;           \
	MOVQ 120(R8), R10;       \
	ADDQ 168(R8), R10;       \
	FACTORS;                 \
	COPY(0, 0);              \ // state
	COPYAT(8, 160, 8);       \ // panel
	RANKGROUPS(16, NEAREST, one); \
one: \
	COPYAT(72, 168, 0);      \ // labels
	COPYAT(112, 168, 8);     \ // seconds and leasts, twice the bytes
	ADDQ 168(R8), AX;        \
	MOVQ AX, 8(SP);          \
	COPY(0, 16);             \ // state
	COPYAT(80, 168, 24);     \ // norms
	COPYAT(88, 168, 32);     \ // residuals
	COPY(96, 40);            \ // bound
	COPYAT(104, 168, 48);    \ // runners-up
	COPY(184, 56);           \ // thirds, which are not wanted
	CALL SETTLE;             \
	MOVQ call+0(FP), R8;     \
	MOVQ 128(R8), BX;        \
	ADDQ 176(R8), BX;        \
	MOVQ 64(SP), AX;         \
	MOVQ AX, (BX);           \ // settled rows
	MOVQ 72(SP), AX;         \
	MOVQ AX, 8(BX);          \ // pairs
next: \
	ADDQ $16, 176(R8);       \
	MOVQ 144(R8), BX;        \ // bytes of a panel
	ADDQ BX, 160(R8);        \
	MOVQ 152(R8), BX;        \ // bytes of a number for each row of a panel
	ADDQ BX, 168(R8);        \
	DECQ 136(R8);            \ // panels left
	JNZ  panel;              \
	RET

// func keptI16AVX2(call unsafe.Pointer)
TEXT ·keptI16AVX2(SB), 0, $80-8
	NO_LOCAL_POINTERS
	KEPTPANELS(FACTORS32, ·nearestI16AVX2(SB), ·settleI16AVX2(SB), panel, one, next)

// func keptI16AVX512(call unsafe.Pointer)
TEXT ·keptI16AVX512(SB), 0, $80-8
	NO_LOCAL_POINTERS
	KEPTPANELS(FACTORS64, ·nearestI16AVX512(SB), ·settleI16AVX512(SB), panel, one, next)

// func keptI16AVX512VNNI(call unsafe.Pointer)
TEXT ·keptI16AVX512VNNI(SB), 0, $80-8
	NO_LOCAL_POINTERS
	KEPTPANELS(FACTORS64, ·nearestI16AVX512VNNI(SB), ·settleI16AVX512(SB), panel, one, next)
