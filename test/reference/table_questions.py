# Answers questions about tables with numpy, pandas and scipy: a JSON list of {"kind", "table"} comes in on stdin, a list of lists of
# numbers goes out. Least squares, restricted, binomial and partial likelihood are written out here, after Seber & Lee (2003), Lindstrom & Bates (1988), Cox
# (1958, 1972) and Efron (1977).
import json, sys, numpy as np, pandas as pd, scipy.stats as st
from scipy.optimize import minimize_scalar
from scipy.stats.contingency import odds_ratio


def design(d, names):
    """Columns of ones, of numbers, and for words one of 0 and 1 for every level but the first."""
    columns = [np.ones(len(d))]
    for name in names:
        if pd.api.types.is_numeric_dtype(d[name]): columns.append(d[name].to_numpy(float))
        else: columns += [(d[name] == level).to_numpy(float) for level in sorted(d[name].unique())[1:]]
    return np.column_stack(columns)


def rss(X, y):
    fitted = X @ np.linalg.lstsq(X, y, rcond=None)[0]
    return float(((y - fitted) ** 2).sum()), int(np.linalg.matrix_rank(X))


def coefficient(d, x, covariates):
    """Estimate, error, t, p, interval of the last column."""
    X = np.column_stack([design(d, covariates), x]); y = d.value.to_numpy(float)
    b = np.linalg.lstsq(X, y, rcond=None)[0]; df = len(y) - X.shape[1]
    error = np.sqrt(((y - X @ b) ** 2).sum() / df * np.linalg.inv(X.T @ X)[-1, -1]); half = st.t.ppf(.975, df) * error
    return [b[-1], b[-1] / error, 2 * st.t.sf(abs(b[-1] / error), df), b[-1] - half, b[-1] + half]


def welch(a, b):
    w = st.ttest_ind(a, b, equal_var=False); c = w.confidence_interval()
    return [np.mean(a) - np.mean(b), c.low, c.high, w.statistic, w.df, w.pvalue]


def two(d): return d[d.group == 'a'].value.to_numpy(), d[d.group == 'b'].value.to_numpy()


def groups(d): return [g.value.to_numpy() for _, g in d.groupby('group')]


def of_subjects(d, also):
    return d.dropna(subset=['value']).groupby(['subject', *also], as_index=False).value.mean()


def paired(d):
    w = d.dropna(subset=['value']).groupby(['subject', 'group']).value.mean().unstack().dropna()
    t = st.ttest_rel(w.a, w.b); c = t.confidence_interval()
    return [(w.a - w.b).mean(), c.low, c.high, t.statistic, t.pvalue, len(w)]


def parts(d):
    cells = d.dropna(subset=['value']).groupby(['subject', 'group', 'unit'], as_index=False).value.mean()
    return welch(*two(cells.groupby(['subject', 'group'], as_index=False).value.mean()))


def two_way(d, interaction):
    y = d.value.to_numpy(float)
    cell = design(d.assign(cell=d.group + d.second), ['cell']); both = design(d, ['group', 'second']); one = design(d, ['second'])
    (full, k), (less, j), (least, i) = rss(cell, y), rss(both, y), rss(one, y)
    rest = full / (len(y) - k)
    between = k - j if interaction else j - i
    f = ((less - full) if interaction else (least - less)) / between / rest
    return [f, st.f.sf(f, between, len(y) - k)]


def wilson(k, n):
    c = st.binomtest(k, n).proportion_ci(method='wilson'); return c.low, c.high


def shares(d):
    table = [[int(((d.group == g) & (d.outcome == o)).sum()) for o in ('yes', 'no')] for g in ('a', 'b')]
    (a, b), (c, e) = table; p, q = a / (a + b), c / (c + e); (l1, h1), (l2, h2) = wilson(a, a + b), wilson(c, c + e)
    return [p - q, p - q - np.hypot(p - l1, h2 - q), p - q + np.hypot(h1 - p, q - l2), st.fisher_exact(table, 'greater')[1], st.fisher_exact(table, 'less')[1]]


def odds(d):
    table = [[int(((d.group == g) & (d.outcome == o)).sum()) for o in ('yes', 'no')] for g in ('a', 'b')]
    c = odds_ratio(table, kind='conditional').confidence_interval()
    return [odds_ratio(table, kind='sample').statistic, c.low, c.high, st.fisher_exact(table)[1]]


def logrank(d):
    s = [st.CensoredData(uncensored=g.time[g.event == 1], right=g.time[g.event == 0]) for _, g in d.groupby('group')]
    t = st.logrank(*s); return [t.statistic ** 2, t.pvalue]


def trend(d):
    r = st.spearmanr(d.group.map({g: i for i, g in enumerate('abcd')}), d.value); return [r.statistic, r.pvalue]


def mixed(d):
    """Slope by restricted likelihood, an intercept a subject."""
    X = np.column_stack([np.ones(len(d)), d.x]); y = d.value.to_numpy(float); Z = pd.get_dummies(d.subject).to_numpy(float)
    def fit(log_ratio):
        V = np.eye(len(y)) + np.exp(log_ratio) * Z @ Z.T; W = np.linalg.inv(V); A = X.T @ W @ X
        b = np.linalg.solve(A, X.T @ W @ y); r = y - X @ b; s = r @ W @ r / (len(y) - 2)
        return b, s, A, .5 * (np.linalg.slogdet(V)[1] + np.linalg.slogdet(A)[1] + (len(y) - 2) * np.log(s))
    at = minimize_scalar(lambda v: fit(v)[3], bounds=(-12, 8), method='bounded', options={'xatol': 1e-10}).x
    return [fit(at)[0][1]]


def tuning(d, harmonic):
    m = d.groupby('angle').value.mean(); a = np.deg2rad(m.index.to_numpy())
    return [1 - abs((m.to_numpy() * np.exp(1j * harmonic * a)).sum()) / m.sum()]


def newton(k, slope_and_bend):
    """Where a log-likelihood of k coefficients is highest, and the covariance there."""
    b = np.zeros(k)
    for _ in range(60):
        slope, bend = slope_and_bend(b); b = b + np.linalg.solve(bend, slope)
    return b, np.linalg.inv(slope_and_bend(b)[1])


def wald(b, covariance):
    error = np.sqrt(covariance[-1, -1]); half = st.norm.ppf(.975) * error
    return [b[-1], b[-1] - half, b[-1] + half, b[-1] / error, 2 * st.norm.sf(abs(b[-1] / error))]


def logistic(d):
    """Logistic regression beside age and sex, by Newton's method."""
    X = np.column_stack([design(d, ['age', 'sex']), d.x]); y = (d.outcome == 'yes').to_numpy(float)
    def at(b):
        p = 1 / (1 + np.exp(-X @ b)); return X.T @ (y - p), (X.T * (p * (1 - p))) @ X
    return wald(*newton(X.shape[1], at))


def cox(d):
    """Cox regression beside age, ties by Efron (1977)."""
    X = d[['age', 'x']].to_numpy(float); X = X - X.mean(0)
    def at(b):
        slope, bend = np.zeros(2), np.zeros((2, 2)); w = np.exp(X @ b)
        for t in sorted(d.time[d.event == 1].unique()):
            risk, died = (d.time >= t).to_numpy(), ((d.time == t) & (d.event == 1)).to_numpy(); m = died.sum()
            slope += X[died].sum(0)
            for l in range(m):
                u = w * (risk - l / m * died); first = u @ X / u.sum(); second = (X.T * u) @ X / u.sum()
                slope -= first; bend += second - np.outer(first, first)
        return slope, bend
    return wald(*newton(2, at))


def words(d):
    table = pd.crosstab(d.x, d.y); c = st.chi2_contingency(table, correction=False)
    return [st.contingency.association(table, 'cramer'), c.statistic, c.dof, c.pvalue]


def pairs(d):
    """Games and Howell's comparisons: since scipy 1.15 those of tukey_hsd of unequal variances."""
    t = st.tukey_hsd(*groups(d), equal_var=False); c = t.confidence_interval(); k = t.statistic.shape[0]
    return [v for i in range(k) for j in range(i + 1, k) for v in (t.statistic[i, j], c.low[i, j], c.high[i, j], t.pvalue[i, j])]


def rates(d):
    s = d.groupby('group')[['value', 'exposure']].sum(); r = s.value / s.exposure; return [r.a - r.b, r.a, r.b]


kinds = {
    'welch': lambda d: welch(*two(d.dropna())), 'welch of subjects': lambda d: welch(*two(of_subjects(d, ['group']))),
    'cells in sessions in animals': parts, 'paired': paired,
    'medians': lambda d: [np.median(two(d)[0]) - np.median(two(d)[1])],
    'beside covariates': lambda d: coefficient(d, (d.group == 'a').to_numpy(float), ['age', 'sex']),
    'slope': lambda d: coefficient(d, d.x, ['age', 'stage']),
    'slope of subjects': lambda d: coefficient(d.groupby('subject', as_index=False)[['value', 'x']].mean(), d.groupby('subject').x.mean().to_numpy(), []),
    'pearson': lambda d: [*st.pearsonr(*d.dropna().T.to_numpy()), *st.pearsonr(*d.dropna().T.to_numpy()).confidence_interval()],
    'spearman': lambda d: list(st.spearmanr(*d.dropna().T.to_numpy())), 'kendall': lambda d: list(st.kendalltau(*d.dropna().T.to_numpy())),
    'one_way': lambda d: list(st.f_oneway(*groups(d))), 'one_way_ranks': lambda d: list(st.kruskal(*groups(d)))[:1],
    'ranks of two': lambda d: (lambda u, a, b: [u, u / len(a) / len(b)])(st.mannwhitneyu(*two(d)).statistic, *two(d)),
    'two_way': lambda d: two_way(d, False), 'two_way_interaction': lambda d: two_way(d, True),
    'proportion_difference': shares, 'odds_ratio': odds, 'log_hazard_ratio': logrank, 'trend': trend, 'mixed_slope': mixed,
    'circular_variance': lambda d: tuning(d, 2), 'orientation_selectivity': lambda d: [1 - tuning(d, 2)[0]],
    'direction_selectivity': lambda d: [1 - tuning(d, 1)[0]], 'rate_difference': rates, 'log_odds_slope': logistic,
    'log_hazard_slope': cox, 'cramers_v': words, 'pairs of groups': pairs,
    'custom': lambda d: [d[d.group == 'a'].value.mean() - d[d.group == 'b'].value.mean()],
}
json.dump([[float(v) for v in kinds[q['kind']](pd.DataFrame(q['table']))] for q in json.load(sys.stdin)], sys.stdout)
