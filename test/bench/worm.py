"""The same loss of a linear network, minimised by SciPy's L-BFGS-B: reads a folder of arrays, prints seconds and the minimum."""
import sys, time
import numpy as np
from scipy.optimize import minimize

folder = sys.argv[1]
ridge, margin, bound, stimulus = map(float, sys.argv[2:6])
Y, counts, stimulated, pre, post, penalty = (
    np.load(f"{folder}/{name}.npy") for name in ("responses", "counts", "stimulated", "pre", "post", "penalty")
)
n, K = Y.shape
identity = np.eye(n)
inputs = Y.copy()
inputs[stimulated, np.arange(K)] = stimulus


def loss(weights):
    W = np.zeros((n, n))
    W[post, pre] = weights
    barrier = bound * identity - (W + W.T) / 2
    try:
        factor = np.linalg.cholesky(barrier)
    except np.linalg.LinAlgError:
        return 1e12, np.zeros_like(weights)
    R = np.linalg.inv(identity - W)
    outer = (stimulus * R[:, stimulated] - Y) * counts
    inner = (W @ inputs - Y) * counts
    value = ((outer**2).sum() + (inner**2).sum() + ridge * (penalty * weights**2).sum()) / 2
    value -= 2 * margin * np.log(np.diag(factor)).sum()
    by_response = np.zeros((n, n))
    np.add.at(by_response.T, stimulated, stimulus * outer.T)
    gradient = R.T @ by_response @ R.T + inner @ inputs.T + margin * np.linalg.inv(barrier)
    return value, gradient[post, pre] + ridge * penalty * weights


start = time.perf_counter()
found = minimize(loss, np.zeros(len(pre)), jac=True, method="L-BFGS-B", options={"maxiter": 300, "ftol": 1e-5})
print(time.perf_counter() - start, found.fun)
