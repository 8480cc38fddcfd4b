# Makes test/fixtures/power.json: what statsmodels 0.14.6 says of the power of tests.
import json, os
from statsmodels.stats.power import TTestIndPower, TTestPower, FTestAnovaPower, NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize
FILE = os.path.join(os.path.dirname(__file__), '../fixtures/power.json')
json.dump(dict(
    twoUnequal=TTestIndPower().power(0.6, 20, 0.05, ratio=2.5, alternative='two-sided'),
    twoUnequalOneSided=TTestIndPower().power(0.6, 20, 0.025, ratio=0.6, alternative='larger'),
    pairedOneSided=TTestPower().power(0.5, 25, 0.025, alternative='larger'),
    anova=FTestAnovaPower().power(0.3, 90, 0.05, k_groups=4),
    anovaSmall=FTestAnovaPower().power(0.8, 18, 0.01, k_groups=3),
    proportions=NormalIndPower().power(proportion_effectsize(0.7, 0.5), 60, 0.05, ratio=1.5, alternative='two-sided'),
    proportionsOneSided=NormalIndPower().power(proportion_effectsize(0.7, 0.5), 60, 0.025, ratio=0.5, alternative='larger'),
), open(FILE, 'w'), indent=2)
