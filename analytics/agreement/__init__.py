"""Agreement between raters, on storeys: a storey imports from those below it alone.

`report` and `verifiable` > `comparison` > `inference` > `coefficients` > `sums`. Everything is a
smooth function of sums over units of one short vector per unit (`sums.layout`).
"""
