// What the kernels of kernel_arm64.s and coarse_arm64.s that take a panel by groups of
// centers share.

// What is done for each center c of a group of n: its accumulators are number a
// and on, Va to Vd.
#define EACH1(OP, n) OP(0, n, 8, V8, V9, V10, V11)
#define EACH2(OP, n) EACH1(OP, n); OP(1, n, 12, V12, V13, V14, V15)
#define EACH3(OP, n) EACH2(OP, n); OP(2, n, 16, V16, V17, V18, V19)
#define EACH4(OP, n) EACH3(OP, n); OP(3, n, 20, V20, V21, V22, V23)
#define EACH5(OP, n) EACH4(OP, n); OP(4, n, 24, V24, V25, V26, V27)
#define EACH6(OP, n) EACH5(OP, n); OP(5, n, 28, V28, V29, V30, V31)

// The elements, of 4 bytes, of a column pair of n centers at R5: element e is lane e mod 4
// of V(4 + e/4).
#define EREG4(e) (4 + (e)/4)
#define ELANE4(e) ((e)%4)
#define ELEMENTS4x1 FMOVD (R5), F4
#define ELEMENTS4x2 FMOVQ (R5), F4
#define ELEMENTS4x3 FMOVQ (R5), F4; FMOVD 16(R5), F5
#define ELEMENTS4x4 FLDPQ (R5), (F4, F5)
#define ELEMENTS4x5 FLDPQ (R5), (F4, F5); FMOVD 32(R5), F6
#define ELEMENTS4x6 FLDPQ (R5), (F4, F5); FMOVQ 32(R5), F6
