"""What each figure of what lies behind agreement is, in words that can stand in a paper."""

from sikap.agreement.report import Definition

CAUSE_DEFINITIONS: dict[str, Definition] = {
    "interval": Definition(
        title="Interval",
        text="Expanded percentiles of a bootstrap by cluster. As many clusters as there are "
        "(articles, or what was named; else single items) are drawn with replacement, with all "
        "that is in them, the figure is computed anew, and two percentiles of these replicates are "
        "the ends: those that a normal distribution has at ±√(n / (n − 1)) times the quantile of "
        "Student's t with n − 1 degrees of freedom, for n clusters, as plain percentiles are too "
        "narrow where clusters are few. Below some 20 clusters it is a hint all the same, most of "
        "all where annotators seldom differ. Matches of spans are made once and not anew. It says "
        "nothing of other annotators. Where all replicates are alike both ends are the value: that "
        "is no certainty. There is none with fewer than 5 clusters, nor where more than 5 % of "
        "replicates leave the figure undefined.",
        source="Davison & Hinkley 1997, Bootstrap Methods and their Application; Hesterberg 2015, "
        "What Teachers Should Know About the Bootstrap, The American Statistician 69(4)",
    ),
    "agreement-with-others": Definition(
        title="Agreement with the others",
        text="The share of the others' ratings of a unit that equal this annotator's, as the mean "
        "over the units that this annotator and somebody else judged. Nothing is corrected for "
        "chance.",
        source="Vanbelle & Albert 2009, Agreement between an isolated rater and a group of raters, "
        "Statistica Neerlandica 63(1)",
    ),
    "kappa-with-others": Definition(
        title="κ with the others",
        text="One minus the mean distance between this annotator's rating and those of the others "
        "on the same units, over the distance that is expected if both kept how often they give "
        "each value and the units were drawn independently. Each unit weighs the same, and its "
        "weight is shared out among the others. Distances are those of Krippendorff's α at the "
        "variable's level, the ranks of an ordinal scale those of all ratings.",
        source="Schouten 1982, Measuring pairwise interobserver agreement when all subjects are "
        "judged by the same observers, Statistica Neerlandica 36(2); Vanbelle & Albert 2009, whose "
        "index divides by the most that a group at odds allows, which this one does not",
    ),
    "alpha-without": Definition(
        title="α without the annotator",
        text="Krippendorff's α of all ratings but this annotator's: where it is higher than the α "
        "of all, agreement is better without them.",
        source="Leave one out; α by Krippendorff 2011, Computing Krippendorff's Alpha-Reliability",
    ),
    "consistency-agreement": Definition(
        title="Percent agreement with oneself",
        text="The share of judgements that were the same when an item came to the same annotator a "
        "second time. Nothing is corrected for chance.",
        source="Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., on intra-rater "
        "reliability",
    ),
    "consistency-alpha": Definition(
        title="α with oneself",
        text="Krippendorff's α of two raters, who are the first and the second pass. A unit is an "
        "item and an annotator to whom it came twice.",
        source="Krippendorff 2019, Content Analysis, 4th ed., on stability (test-retest); "
        "Krippendorff 2011, Computing Krippendorff's Alpha-Reliability",
    ),
    "contested": Definition(
        title="Contested items",
        text="The share of all comparisons on an item that differ. Every two of its annotators "
        "are compared in each variable that both rated, in each pair of matched spans (the same if "
        "borders and label are), in each span that one of the two alone marked (it differs), and "
        "in each attribute of matched spans. Of equal shares the item with more comparisons comes "
        "first.",
        source="Observed disagreement as counted in Krippendorff 2011, for one item and over all "
        "variables",
    ),
    "needed": Definition(
        title="What an interval needs",
        text="The variance of a figure falls as one over the number of clusters, so their number "
        "grows with the square of the width now over the width wished; units in proportion. With "
        "annotators falls only the part that comes of who rated a unit. It is estimated from pairs "
        "of ratings of units with four ratings or more, with the coefficient to first order as a "
        "U-statistic in each unit; where most units have fewer, for nominal values, by the common "
        "correlation model (Dirichlet-multinomial) with α as its correlation. Assumed: new items "
        "are like the old ones, new annotators are drawn from those who could have rated, each "
        "unit has as many of them, and the interval is as wide as a normal one of the same "
        "variance.",
        source="Davison & Hinkley 1997, Bootstrap Methods and their Application; Hoeffding 1948, A "
        "class of statistics with asymptotically normal distribution; Altaye, Donner & Klar 2001, "
        "Inference procedures for assessing interobserver agreement among multiple raters, "
        "Biometrics 57(2); Donner & Rotondi 2010, Sample size requirements for interval estimation "
        "of the kappa statistic",
    ),
    "difference": Definition(
        title="Difference between studies",
        text="A figure of this study minus the same of the other. The interval is recovered from "
        "the intervals of both, and there is none if the two have clusters in common.",
        source="Zou & Donner 2008, Construction of confidence limits about effect measures: a "
        "general approach, Statistics in Medicine 27(10)",
    ),
}
"""The first and the last three are no figures: they are told wherever a report has such."""
