// Package graph has operators for Gorgonia (gorgonia.org/gorgonia) that run on Lloyd's
// kernels, so that a network can be trained jointly with a clustering of what it
// computes: the nearest center of each row ([Nearest]), the squared distances to all
// centers ([Distances]), and the soft assignment at a temperature ([SoftAssign],
// [Softmin]), with gradients by rows, centers and temperature.
//
//	z := encoder(x)                                          // N×D, any node
//	d, err := graph.Distances(z, centers)                    // N×K
//	p, err := graph.Softmin(d, temperature)                  // N×K, rows sum to 1
//	pd, err := gorgonia.HadamardProd(p, d)
//	loss, err := gorgonia.Sum(pd)                            // soft k-means: Σ p·‖z − c‖²
//	grads, err := gorgonia.Grad(loss, weights, centers)
//
// The operators work in a TapeMachine, with gorgonia.Grad, and in a LispMachine, on
// float32 and float64. The program in docs/autoencoder trains an autoencoder of the
// digits with such a loss.
//
// # Losses
//
// With the operators of Gorgonia they make the losses of joint clustering:
//
//   - k-means: the sum of the distances of Nearest, whose gradient by a center is that
//     of the M-step's sum of squares;
//   - soft (deep) k-means, Σ_ik p_ik ‖z_i − c_k‖² with p of SoftAssign (M. Moradi Fard,
//     T. Thonet, E. Gaussier, Deep k-Means, Pattern Recognition Letters 138, 2020), with
//     a temperature that is lowered from step to step, or is a weight itself;
//   - self-training towards a sharper assignment q that is kept for some steps,
//     −Σ_ik q_ik log p_ik (J. Xie, R. Girshick, A. Farhadi, Unsupervised Deep Embedding
//     for Clustering Analysis, ICML 2016);
//   - vector quantization: gorgonia.ByIndices(centers, labels, 0) are the nearest
//     centers themselves, for rows to be replaced by; the distances of Nearest are the
//     codebook loss (A. van den Oord, O. Vinyals, K. Kavukcuoglu, Neural Discrete
//     Representation Learning, NeurIPS 2017).
//
// # Values
//
// Labels, and distances to the last bit, are those of package cluster, and so are the
// promises: they do not depend on threads, on the kernel level or on what else is in x,
// and they lose no digits on rows far from the origin. Gradients have the same bits at
// every kernel level of a CPU and on any number of threads; sums over more than 256 rows
// go on in float64. [Labels] turns the value of a node of labels into what packages
// metrics and cluster take.
//
// # Gorgonia
//
// Some traits of Gorgonia v0.9.18 that users of this package meet:
//
//   - It evaluates all nodes of a graph, and all gradients of an operator, also those
//     that nobody asked for. Make a temperature a constant (gorgonia.NewConstant) if it
//     needs no gradient.
//   - A LispMachine takes only scalars as roots. Nodes of labels, or others that nothing
//     uses, must be read by gorgonia.Read there.
//   - Errors of a machine hide the error of the operator from errors.Is: they have a
//     method Err that returns it.
//   - Its random initial weights are seeded by the clock. For the same numbers in each
//     run, draw weights from a generator of your own (gorgonia.WithValue).
//   - In a LispMachine, HadamardProd overwrites factors of a single element, 1×1.
package graph
