# Makes test/fixtures/table-designs.json: rates within pairs, slopes beside words and in sequence, two-way tables with combinations
# that were not measured, and what scipy 1.17.1 and statsmodels 0.15.0 say of them.
import json, os, numpy as np, pandas as pd, scipy.stats as st, statsmodels.api as sm
from scipy.integrate import quad
from statsmodels.formula.api import ols
FILE = os.path.join(os.path.dirname(__file__), '../fixtures/table-designs.json')
rng = np.random.default_rng(12)
r = lambda a: [float(round(v, 6)) for v in a]

# Counts of eight pairs whose own rates differ, watched for different times.
hours = r(0.5 + 2 * rng.random(16)); own = np.repeat(np.exp(rng.normal(1, 1, 8)), 2)
count = [int(v) for v in rng.poisson(own * np.array(hours) * np.tile([1.8, 1], 8))]
a, s, b, t = np.array(count[::2]), np.array(hours[::2]), np.array(count[1::2]), np.array(hours[1::2])
w = st.ttest_rel(a / s, b / t); ci = w.confidence_interval()
def ratio(theta, k=8):
    share = lambda x: np.exp(x) * s[:k] / (np.exp(x) * s[:k] + t[:k])
    return float(np.exp((st.binom.logpmf(a[:k], a[:k] + b[:k], share(theta)) - st.binom.logpmf(a[:k], a[:k] + b[:k], share(0))).sum()))
half = lambda sd: (lambda x: 2 * st.norm.pdf(x, 0, sd))
mixed = lambda k=8: quad(lambda x: ratio(x, k) * half(1)(x), 0, 8, epsabs=0, epsrel=1e-12, limit=400)[0]
theta = np.log((a * t / (s + t)).sum() / (b * s / (s + t)).sum())
share = np.exp(theta) * s / (np.exp(theta) * s + t)
scatter = float((((a - (a + b) * share) ** 2) / ((a + b) * share * (1 - share))).sum() / 7)
rates = dict(count=count, hours=hours, rel=[w.statistic, w.pvalue, float((a / s - b / t).mean()), ci.low, ci.high],
             factor=mixed(), after5=mixed(5), sprt=ratio(0.5), overdispersion=scatter)

# A slope beside an age, a sex and a stage in words, with one value that was not measured.
n = 40
age = r(rng.normal(60, 10, n)); sex = [str(v) for v in rng.choice(['f', 'm'], n)]; stage = [str(v) for v in rng.choice(['I', 'II', 'III'], n, p=[.2, .5, .3])]
x = r(0.02 * np.array(age) + rng.normal(size=n))
y = r(0.5 * np.array(x) - 0.03 * np.array(age) + np.array([v == 'm' for v in sex]) + rng.normal(size=n))
d = pd.DataFrame(dict(y=y, x=x, age=age, sex=sex, stage=stage))
m = ols('y ~ x + age + C(sex) + C(stage)', d).fit()
line = dict(y=y, x=x, age=age, sex=sex, stage=stage,
            ols=[m.params['x'], m.bse['x'], m.tvalues['x'], m.pvalues['x'], *m.conf_int().loc['x'], m.df_resid])
def look(k):
    X = pd.get_dummies(d[['age', 'sex', 'stage']].iloc[:k], drop_first=True).astype(float); X.insert(0, 'one', 1.0)
    X = X.loc[:, (X != 0).any()]
    own = d.x[:k] - X @ np.linalg.lstsq(X, d.x[:k], rcond=None)[0]
    f = sm.OLS(d.y[:k].values, np.column_stack([X, d.x[:k]])).fit()
    return f.params[-1], f.bse[-1], f.df_resid, float((own ** 2).sum())
def sequence(k, bound, delta):
    est, se, df, size = look(k)
    at = (est - bound) / se
    return float(np.exp(st.nct.logpdf(at, df, delta * np.sqrt(size)) - st.t.logpdf(at, df)))
def process(k, scale):
    return quad(lambda e: sequence(k, 0, e) * half(scale)(e), 0, 8 * scale, epsabs=0, epsrel=1e-11, limit=400)[0]
scale = np.sqrt(2) / 4 / np.std(x[:10], ddof=1)
line.update(sprt=[sequence(k, 0.1, 0.4) for k in (12, 25, 40)], process=[process(k, 0.3) for k in (12, 25, 40)], default=[scale, process(40, scale)])

# Two groupings, unequal numbers, and a combination without a unit.
g, h = [], []
for one, other, many in [('p', 'u', 5), ('p', 'v', 3), ('q', 'u', 4), ('q', 'v', 6), ('r', 'u', 4), ('p', 'w', 2), ('r', 'w', 5)]:
    g += [one] * many; h += [other] * many
v = r(rng.normal(size=len(g)) + np.array([k == 'q' for k in g]) * 1.2)
two = pd.DataFrame(dict(v=v, g=g, h=h))
cells = sm.OLS(two.v, pd.get_dummies(two.g + two.h).astype(float)).fit()
plain, rows, cols = (ols(f, two).fit() for f in ('v~C(g)+C(h)', 'v~C(h)', 'v~C(g)'))
def test(small, large):
    df = large.df_model - small.df_model
    f = (small.ssr - large.ssr) / df / cells.mse_resid
    return [float(f), float(df), float(cells.df_resid), float(st.f.sf(f, df, cells.df_resid))]
between = lambda: [((plain.ssr - cells.ssr) / (len(cells.params) - len(plain.params))) / cells.mse_resid, len(cells.params) - len(plain.params), cells.df_resid]
f, df, rest = between()
table = dict(v=v, g=g, h=h, group=test(rows, plain), second=test(cols, plain), interaction=[float(f), float(df), float(rest), float(st.f.sf(f, df, rest))])
json.dump(dict(rates=rates, line=line, table=table), open(FILE, 'w'), indent=1, default=float)
