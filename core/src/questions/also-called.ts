/** What other programs and papers call the tests of these metrics: for who asks for one by that name. */
const names: Record<string, string> = {
  mean_difference:
    'ancova adjusted_difference t_test ttest ttest_ind ttest_rel student welch welch_t_test paired_t_test cohens_d',
  median_difference: 'wilcoxon wilcoxon_signed_rank sign_test mood',
  rate_difference: 'rate_ratio poisson incidence',
  pearson: 'correlation corr pearsonr pearson_correlation r',
  spearman: 'spearmanr rho rank_correlation spearman_correlation',
  kendall: 'kendalltau tau',
  trend: 'jonckheere jonckheere_terpstra cuzick trend_test dose_response ordered',
  one_way: 'anova one_way_anova f_oneway f_test anova_one_way',
  one_way_ranks: 'kruskal kruskal_wallis mann_whitney mannwhitneyu mann_whitney_u wilcoxon_rank_sum rank_sum ranksums',
  two_way: 'anova_two_way two_way_anova main_effect type_2 type_ii',
  two_way_interaction: 'interaction anova_interaction',
  proportion_difference: 'proportions two_proportions share_difference risk_difference z_test_proportions',
  odds_ratio: 'fisher fisher_exact chi2 chi_square chi_squared chisquare',
  cramers_v:
    'chi2 chi_square chi_squared chisquare chi2_contingency contingency crosstab cramer cramers cramer_v independence',
  log_odds_slope: 'logistic logistic_regression logit glm binomial',
  log_hazard_slope: 'cox cox_regression coxph phreg proportional_hazards',
  log_hazard_ratio: 'survival survival_difference log_rank logrank hazard_ratio kaplan_meier',
  mixed_slope: 'mixed_model mixed mixedlm lmm lmer random_effects mixed_effects repeated_measures',
  slope: 'regression linear_regression ols linregress lm partial_correlation',
  orientation_selectivity: 'tuning osi orientation_tuning',
  direction_selectivity: 'dsi direction_tuning',
  custom: 'permutation permutation_test own sql',
};

const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');

/** Metrics that are asked for under another name: `t_test` is mean_difference. */
export function calledOtherwise(name: string): string[] {
  const plain = plainName(name);
  return Object.entries(names).flatMap(([metric, others]) => (others.split(' ').includes(plain) ? [metric] : []));
}

/** Names of tests that are near those that stand for them here, and not the same: who asks is told. */
const near = new Set(
  'student ttest_rel paired_t_test cohens_d wilcoxon wilcoxon_signed_rank sign_test mood rate_ratio poisson incidence jonckheere jonckheere_terpstra dose_response ordered main_effect type_2 type_ii proportions two_proportions z_test_proportions glm binomial survival survival_difference hazard_ratio kaplan_meier repeated_measures partial_correlation tuning osi orientation_tuning dsi direction_tuning permutation permutation_test own sql f_test independence'.split(
    ' ',
  ),
);

/** The metric that is the same under another name: `kruskal` is one_way_ranks; undefined where there is none, or more than one. */
export function sameMetric(name: string): string | undefined {
  const meant = near.has(plainName(name)) ? [] : calledOtherwise(name);
  return meant.length === 1 ? meant[0] : undefined;
}

/** What is asked for as a test of its own elsewhere, and is found here in another place. */
const places: [names: string, where: string][] = [
  [
    'shapiro shapiro_wilk normality normaltest anderson ks_test kstest levene bartlett brown_forsythe equal_variance homoscedasticity',
    'What a test assumes stands in its answer: checks and doubtful (skewness, largest variance by smallest).',
  ],
  [
    'tukey tukey_hsd tukey_kramer games_howell pairwise post_hoc posthoc pairwise_tukeyhsd',
    'Ask one_way: its answer has pairs, each group with each other, adjusted for all of them (Games–Howell).',
  ],
  [
    'dunn bonferroni holm',
    'Of means ask one_way: its answer has pairs, adjusted for all of them. Else ask mean_difference of each pair, groups: ["a", "b"]; in one question: rows of each pair in SQL, the pair as family, whose p-values are adjusted.',
  ],
  [
    'one_sample ttest_1samp one_sample_t one_sample_t_test sign',
    'Held against one number: mean_difference, paired, of rows (unit, value) and in SQL as many (unit, that number).',
  ],
];

/** Where what this name stands for elsewhere is found here; undefined where it is not known. */
export const foundElsewhere = (name: string): string | undefined =>
  places.find(([names]) => names.split(' ').includes(plainName(name)))?.[1];
