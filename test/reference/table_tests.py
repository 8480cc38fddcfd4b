# Makes test/fixtures/table-tests.json: samples, and what scipy 1.15.3 and statsmodels 0.14.4 say of them.
import json, os, numpy as np, scipy.stats as st, statsmodels.api as sm, statsmodels.stats.proportion as pr
from statsmodels.duration.survfunc import survdiff
FILE = os.path.join(os.path.dirname(__file__), '../fixtures/table-tests.json')
rng=np.random.default_rng(3)
r=lambda a:[float(round(v,6)) for v in a]
a=r(rng.normal(1,1,12)); b=r(rng.normal(0,2,17)); c=r(rng.standard_cauchy(9))
x=r(rng.normal(size=25)); y=r(0.5*np.array(x)+rng.normal(size=25)); xt=[float(v) for v in rng.integers(0,5,25)]; yt=[float(v) for v in rng.integers(0,4,25)]
z=r(rng.normal(size=25))
t=[float(round(v,3)) for v in rng.exponential(3,30)]; e=[int(v) for v in rng.integers(0,2,30)]; g=[0]*14+[1]*16
w=st.ttest_ind(a,b,equal_var=False); ci=w.confidence_interval()
pp=st.ttest_rel(a,b[:12]); pci=pp.confidence_interval()
pe=st.pearsonr(x,y); peci=pe.confidence_interval()
sp=st.spearmanr(xt,yt); ke=st.kendalltau(xt,yt,method='asymptotic')
f=st.f_oneway(a,b,c); kw=st.kruskal(a,b,c)
tab=[[9,3],[4,12]]
from scipy.stats.contingency import odds_ratio
o=odds_ratio(tab,kind='conditional').confidence_interval(0.95)
fe={s:float(st.fisher_exact(tab,alternative=s).pvalue) for s in('greater','less')}
nc=pr.confint_proportions_2indep(9,12,4,16,method='newcomb',compare='diff')
ols=sm.OLS(y,sm.add_constant(np.column_stack([x,z]))).fit()
chi,pv=survdiff(np.array(t),np.array(e),np.array(g))
small=st.permutation_test((a[:4],b[:4]),lambda u,v:(np.mean(u)-np.mean(v))/np.sqrt(np.var(u,ddof=1)/len(u)+np.var(v,ddof=1)/len(v)),alternative='two-sided',n_resamples=np.inf)
signs=st.permutation_test((np.array(a)-np.array(b[:12]),),np.mean,permutation_type='samples',alternative='greater',n_resamples=np.inf)
json.dump(dict(a=a,b=b,c=c,x=x,y=y,xt=xt,yt=yt,z=z,t=t,e=e,g=g,
 welch=[w.statistic,w.df,w.pvalue,ci.low,ci.high],paired=[pp.statistic,pp.pvalue,pci.low,pci.high],
 pearson=[pe.statistic,pe.pvalue,peci.low,peci.high],spearman=[sp.statistic,sp.pvalue],kendall=[ke.statistic,ke.pvalue],
 anova=[f.statistic,f.pvalue],kruskal=[kw.statistic],fisher=fe,odds=[o.low,o.high],newcombe=[float(nc[0]),float(nc[1])],
 ols=[ols.params[1],ols.bse[1],ols.tvalues[1],ols.pvalues[1],*ols.conf_int()[1]],logrank=[float(chi),float(pv)],
 smallWelch=small.pvalue,signs=signs.pvalue),open(FILE,'w'),indent=1,default=float)
import pandas as pd
from statsmodels.formula.api import ols, mixedlm
rng=np.random.default_rng(5)
sub=np.repeat(np.arange(8),6); mx=r(rng.normal(size=48)); my=r(rng.normal(size=8)[sub]*1.5+0.4*np.array(mx)+rng.normal(size=48))
m=mixedlm('y~x',pd.DataFrame(dict(y=my,x=mx,s=sub)),groups='s').fit(reml=True,method='lbfgs',gtol=1e-12)
g1=['p','q','r']*8; g2=['u']*12+['v']*12; v2=r(rng.normal(size=24)+np.array([k=='q' for k in g1])*0.8)
an=sm.stats.anova_lm(ols('v~C(a)*C(b)',pd.DataFrame(dict(v=v2[:22],a=g1[:22],b=g2[:22]))).fit(),typ=2)
d=json.load(open(FILE))
d.update(mixed=dict(x=mx,y=my,subject=[str(s) for s in sub],fit=[m.params['x'],m.bse['x']]),twoWay=dict(value=v2[:22],group=g1[:22],second=g2[:22],group_F=[an.loc['C(a)','F'],an.loc['C(a)','PR(>F)']],interaction=[an.loc['C(a):C(b)','F'],an.loc['C(a):C(b)','PR(>F)']]))
json.dump(d,open(FILE,'w'),indent=1,default=float)
# Intervals of η²: noncentrality at which scipy 1.17.1's noncentral F has half of 5 % (its ncfdtrinc, and with it statsmodels'
# confint_effectsize_oneway, ends its search some 1e-4 away from there).
from scipy.special import ncfdtr
from scipy.optimize import brentq
def share(f,between,within,n):
    at=lambda q: brentq(lambda l: ncfdtr(between,within,l,f)-q,0,200,xtol=1e-14,rtol=1e-14) if ncfdtr(between,within,0,f)>q else 0
    return [float(l/(l+n)) for l in (at(.975),at(.025))]
d=json.load(open(FILE))
shifted=[v+4 for v in d['c']]; s=st.f_oneway(d['a'],d['b'],shifted)
n=len(d['a']+d['b']+d['c']); two=len(d['twoWay']['value'])
d['eta']=dict(shifted=shifted,plain=share(d['anova'][0],2,n-3,n),moved=share(s.statistic,2,n-3,n),group=share(d['twoWay']['group_F'][0],2,two-6,two),interaction=share(d['twoWay']['interaction'][0],2,two-6,two))
json.dump(d,open(FILE,'w'),indent=1,default=float)
