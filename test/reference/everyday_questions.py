# Makes test/fixtures/everyday: a table of donors in the manner of public donor metadata (stages in words, missing values in several
# words, weights in two units), expression of tumour and normal tissue of the same patients, wide and with a gene a row, and what
# pandas 3.1, scipy 1.17 and statsmodels 0.15 say to everyday questions about them. All of it is made up.
import json, os, numpy as np, pandas as pd, scipy.stats as st, statsmodels.api as sm, statsmodels.stats.proportion as pr
from statsmodels.formula.api import ols, mixedlm, logit, phreg
from statsmodels.duration.survfunc import survdiff
from scipy.stats.contingency import odds_ratio
HERE = os.path.join(os.path.dirname(__file__), '../fixtures/everyday')
rng = np.random.default_rng(84)
n = 84
age = rng.integers(65, 103, n).astype(float)
sex = rng.choice(['Female', 'Male'], n, p=[.6, .4])
braak = rng.choice(['Braak 0', 'Braak II', 'Braak III', 'Braak IV', 'Braak V', 'Braak VI'], n, p=[.05, .12, .13, .2, .34, .16])
at = np.array([['Braak 0', 'Braak II', 'Braak III', 'Braak IV', 'Braak V', 'Braak VI'].index(b) for b in braak])
apoe = rng.choice(['2/3', '3/3', '3/4', '4/4'], n, p=[.12, .55, .28, .05])
dementia = np.where(rng.random(n) < 1 / (1 + np.exp(3 - at)), 'Dementia', 'No dementia')
rin = np.round(rng.normal(7.8, .9, n), 1)
pmi = np.round(rng.gamma(4, 1.7, n), 2)
grams = np.round(np.where(sex == 'Male', 1340, 1190) - 25 * at - 2 * (age - 85) + rng.normal(0, 70, n))
tau = np.round(np.exp(.5 * at + rng.normal(0, .8, n)) / 2, 4)
amyloid = np.round(.4 * tau + rng.gamma(2, 2, n), 3)
casi = np.round(95 - 7 * at - (apoe == '4/4') * 8 + rng.normal(0, 8, n), 1).clip(0, 100)
followed = np.round(rng.exponential(6, n), 2) + .25
donors = pd.DataFrame({'Donor ID': [f'H{20 + i // 40}.33.{i:03d}' for i in range(n)], 'Age at Death': age.astype(int), 'Sex': sex,
  'APOE Genotype': apoe, 'Cognitive Status': dementia, 'Braak': braak, 'RIN': rin, 'PMI (hours)': pmi,
  'Fresh Brain Weight': [f'{g / 1000:.3f} kg' if i % 11 == 3 else f'{g:.0f} g' for i, g in enumerate(grams)],
  'AT8 % area': tau, '6E10 % area': amyloid, 'Last CASI Score': casi, 'Years to dementia': followed,
  'Lewy body': rng.choice(['Checked', 'Unchecked'], n, p=[.25, .75])})
donors['Last CASI Score'] = donors['Last CASI Score'].astype(object)
donors.loc[rng.choice(n, 13, replace=False), 'Last CASI Score'] = ''
donors['RIN'] = donors['RIN'].astype(object); donors.loc[rng.choice(n, 6, replace=False), 'RIN'] = 'NA'
donors['APOE Genotype'] = donors['APOE Genotype'].astype(object); donors.loc[rng.choice(n, 2, replace=False), 'APOE Genotype'] = ''
donors.to_csv(f'{HERE}/donors.csv', index=False)
genes = ['GFAP', 'AQP4', 'EGFR', 'MKI67', 'PTEN', 'SNAP25', 'TP53', 'VEGFA', 'CDKN2A', 'ACTB', 'NEFL', 'OLIG2']
shift = dict(zip(genes, [.2, .9, 1.6, 2.2, -1.1, -1.4, .3, 1.2, -.8, 0, -.6, .5]))
rows = []
for p in range(22):
    own = rng.normal(6, 1.3, len(genes))
    for tissue in ('tumour', 'normal'):
        if p == 20 and tissue == 'normal': continue
        rows.append(dict(patient=f'P{p + 1:02d}', tissue=tissue, batch=f'b{p % 3 + 1}',
          **{g: round(float(own[k] + (shift[g] if tissue == 'tumour' else 0) + rng.normal(0, .9)), 4) for k, g in enumerate(genes)}))
wide = pd.DataFrame(rows); wide.loc[5, 'PTEN'] = np.nan; wide.to_csv(f'{HERE}/expression.csv', index=False)
matrix = wide.assign(sample=wide.patient + '_' + wide.tissue.str[0].str.upper()).set_index('sample')[genes].T
matrix.index.name = 'gene'; matrix.to_csv(f'{HERE}/expression_matrix.csv')

d = pd.read_csv(f'{HERE}/donors.csv'); e = pd.read_csv(f'{HERE}/expression.csv')
d.columns = ['id', 'age', 'sex', 'apoe', 'status', 'braak', 'rin', 'pmi', 'weight', 'at8', 'a6e10', 'casi', 'years', 'lewy']
d['stage'] = d.braak.map({b: k for k, b in enumerate(['Braak 0', 'Braak II', 'Braak III', 'Braak IV', 'Braak V', 'Braak VI'])})
d['grams'] = d.weight.map(lambda w: float(w[:-3]) * 1000 if w.endswith('kg') else float(w[:-2]))
d['e4'] = d.apoe.str.contains('4').where(d.apoe.notna()).astype(float)
out = {}
def t(a, b):
    w = st.ttest_ind(a.dropna(), b.dropna(), equal_var=False); c = w.confidence_interval()
    return [a.mean() - b.mean(), c.low, c.high, w.statistic, w.pvalue]
by = lambda col, value: d[d[col] == value]
out['groups'] = t(by('status', 'Dementia').casi, by('status', 'No dementia').casi)
out['counts'] = d.status.value_counts().tolist()
out['late'] = [float(by('status', 'Dementia').braak.eq('Braak VI').mean() - by('status', 'No dementia').braak.eq('Braak VI').mean())]
out['cross'] = pd.crosstab(d.braak, d.status).values.flatten().tolist()
out['missing'] = [int(d.casi.isna().sum()), int(d.rin.isna().sum()), int(d.apoe.isna().sum())]
s = st.spearmanr(d.stage, d.at8); out['trend'] = [s.statistic, s.pvalue]
o = st.f_oneway(*[g.at8 for _, g in d.groupby('braak')]); out['anova'] = [o.statistic, o.pvalue]
k = st.kruskal(*[g.at8 for _, g in d.groupby('braak')]); out['kruskal'] = [k.statistic, k.pvalue]
x = d.dropna(subset=['apoe']); tab = [[int(((x.e4 == a) & (x.status == b)).sum()) for b in ('Dementia', 'No dementia')] for a in (1, 0)]
c = odds_ratio(tab, kind='conditional').confidence_interval(); out['odds'] = [odds_ratio(tab, kind='sample').statistic, c.low, c.high]
share = pr.confint_proportions_2indep(tab[0][0], sum(tab[0]), tab[1][0], sum(tab[1]), method='newcomb', compare='diff')
out['shares'] = [tab[0][0] / sum(tab[0]) - tab[1][0] / sum(tab[1]), *map(float, share)]
pear = st.pearsonr(d.at8, d.a6e10); c = pear.confidence_interval(); out['pearson'] = [pear.statistic, c.low, c.high, pear.pvalue]
y = d.dropna(subset=['casi']); sp = st.spearmanr(y.at8, y.casi); out['spearman'] = [sp.statistic, sp.pvalue]
ke = st.kendalltau(y.stage, y.casi); out['kendall'] = [ke.statistic]
out['by sex'] = [st.pearsonr(by('sex', s).at8, by('sex', s).a6e10).statistic for s in ('Female', 'Male')]
m = ols('casi ~ at8 + age + sex + apoe', d).fit(); out['covariates'] = [m.params['at8'], m.bse['at8'], m.tvalues['at8'], m.pvalues['at8'], *m.conf_int().loc['at8']]
m = ols('grams ~ age + sex', d).fit(); out['weight'] = [m.params['age'], m.pvalues['age']]
m = ols('casi ~ status + age + sex', d.assign(status=(d.status == 'Dementia').astype(int))).fit(); out['ancova'] = [m.params['status'], m.pvalues['status'], *m.conf_int().loc['status']]
m = ols('grams ~ age * male', d.assign(male=(d.sex == 'Male').astype(int))).fit(); out['slopes differ'] = [m.params['age:male'], m.pvalues['age:male']]
a = sm.stats.anova_lm(ols('at8 ~ C(status) * C(sex)', d).fit(), typ=2); out['two way'] = [a.loc['C(status)', 'F'], a.loc['C(status)', 'PR(>F)']]; out['interaction'] = [a.loc['C(status):C(sex)', 'F'], a.loc['C(status):C(sex)', 'PR(>F)']]
chi, p = survdiff(d.years.values, (d.status == 'Dementia').astype(int).values, d.sex.values); out['survival'] = [float(chi), float(p)]
m = logit('yes ~ age + at8 + sex', d.assign(yes=(d.status == 'Dementia').astype(int))).fit(disp=0, method='newton', tol=1e-14); out['logistic'] = [m.params['age'], *m.conf_int().loc['age'], m.tvalues['age'], m.pvalues['age']]
m = phreg('years ~ at8 + age + C(sex)', d, status=(d.status == 'Dementia').astype(int), ties='efron').fit(); i = m.model.exog_names.index('at8'); out['cox'] = [m.params[i], *m.conf_int()[i], m.tvalues[i], m.pvalues[i]]
c = st.chi2_contingency(pd.crosstab(d.apoe, d.status), correction=False); out['crosstab'] = [c.statistic, c.pvalue]
q = d.at8.quantile([.25, .75]); out['outliers'] = [int((d.at8 > q[.75] + 1.5 * (q[.75] - q[.25])).sum())]
out['quartiles'] = d.groupby('braak').pmi.quantile([.25, .5, .75]).tolist()
out['sem'] = d.groupby('sex').rin.sem().tolist()
pair = e.pivot(index='patient', columns='tissue'); diff = lambda g: (pair[g]['tumour'] - pair[g]['normal']).dropna()
w = st.ttest_rel(pair['EGFR']['tumour'].dropna().drop('P21'), pair['EGFR']['normal'].dropna()); c = w.confidence_interval()
out['paired'] = [float(diff('EGFR').mean()), c.low, c.high, w.statistic, w.pvalue]
out['wilcoxon median'] = [float(diff('PTEN').median())]
ts = [st.ttest_1samp(diff(g), 0) for g in genes]; out['genes'] = [float(v.pvalue) for v in ts]
out['effects'] = [float(diff(g).mean()) for g in genes]
out['fold'] = e.groupby('tissue').GFAP.mean().loc[['tumour', 'normal']].tolist()
m = mixedlm('SNAP25 ~ t', e.assign(t=(e.tissue == 'tumour').astype(int)), groups='patient').fit(reml=True, method='lbfgs', gtol=1e-12); out['mixed'] = [m.params['t']]
out['correlated genes'] = [st.spearmanr(e[e.tissue == 'tumour'].EGFR, e[e.tissue == 'tumour'].VEGFA).statistic]
b = st.f_oneway(*[g.ACTB for _, g in e.groupby('batch')]); out['batch'] = [b.statistic, b.pvalue]
json.dump(out, open(f'{HERE}/answers.json', 'w'), indent=1, default=float)
