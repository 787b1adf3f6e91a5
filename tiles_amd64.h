// What the tiles routines of all levels have in common: see tiles_amd64.s.

#define call_data    0
#define call_centers 8
#define call_tile    16
#define call_ld      24
#define call_bytes   32
#define call_best    40
#define call_labels  48
#define call_ref     56
#define call_gaps    64
#define call_took    72
#define call_tiles   80
#define call_idx     88
#define call_n       96
#define call_scale   104
#define call_bounds  112
#define call_base    120
#define call_drifts  128

DATA tileSign<>+0(SB)/4, $0x7FFFFFFF
GLOBL tileSign<>(SB), RODATA|NOPTR, $4
DATA tileOff<>+0(SB)/4, $0x35800000 // 2⁻²⁰
GLOBL tileOff<>(SB), RODATA|NOPTR, $4
DATA tileMost<>+0(SB)/4, $0x437E0000 // 254
GLOBL tileMost<>(SB), RODATA|NOPTR, $4

// The registers of a call.
#define ARGUMENTS \
	MOVQ call+0(FP), DI;          \
	MOVQ call_tiles(DI), R9;      \
	MOVQ call_idx(DI), R10;       \
	MOVQ call_gaps(DI), R11;      \
	MOVQ call_took(DI), R12;      \
	MOVQ call_n(DI), CX;          \
	MOVQ call_bytes(DI), DX

// The addresses of a pair.
#define PAIR \
	MOVLQSX (R9), R13;            \
	MOVLQSX (R10), R8;            \
	MOVQ    R13, SI;              \
	IMULQ   call_tile(DI), SI;    \
	IMULQ   call_ld(DI), R8;      \
	ADDQ    call_data(DI), SI;    \
	ADDQ    call_centers(DI), R8; \
	SHLQ    $6, R13

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
