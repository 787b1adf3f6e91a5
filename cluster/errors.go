package cluster

import "errors"

// The sentinels that the errors of this package wrap.
var (
	// ErrParameter: a setting is out of its range, or does not fit the data.
	ErrParameter = errors.New("cluster: invalid parameter")
	// ErrInput: a tensor, label or weight that came in cannot be used.
	ErrInput = errors.New("cluster: invalid input")
	// ErrModel: a model file is not one, is damaged, or is of another version.
	ErrModel = errors.New("cluster: invalid model")
)
