"""Agreement between raters: coefficients, intervals, reports and their stored sums.

Direction: report and moments > jackknife, bootstrap, annotators > coefficients > layout, patterns.
Everything is a smooth function of sums over units of one short vector per unit (`layout`).
"""
