"""What each coefficient is, in words that can stand in a paper, with its source."""

from sikap.agreement.report import Definition

KRIPPENDORFF = "Krippendorff 2011, Computing Krippendorff's Alpha-Reliability"
GWET = "Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed."
COHEN = (
    "Cohen 1960, A coefficient of agreement for nominal scales, Educational and Psychological "
    "Measurement 20(1)"
)
WEIGHTED = (
    "Cohen 1968, Weighted kappa: nominal scale agreement with provision for scaled disagreement or "
    "partial credit, Psychological Bulletin 70(4)"
)
ALPHA = (
    "One minus observed over expected disagreement. Observed: the distance of all pairs of ratings "
    "on one unit, a rating of a unit with r ratings counting in r − 1 pairs and each pair by "
    "1 / (r − 1). Expected: the distance of all pairs of ratings of these units together, drawn "
    "without replacement. Missing ratings are left out, and so are units with one rating. "
    "Distance: "
)
AGREEMENT = (
    "Observed agreement is the share of pairs of ratings on one unit that agree, as the mean over "
    "units with two ratings or more; missing ratings are left out. "
)
LINEAR = (
    "Two values agree in part: by 1 minus their distance over that of the ends of the scale, in "
    "ranks for an ordinal scale, in numbers for an interval or ratio scale. "
)
QUADRATIC = (
    "Two values agree in part: by 1 minus the square of their distance over that of the ends of "
    "the scale, in ranks for an ordinal scale, in numbers for an interval or ratio scale. "
)
AC = (
    "Chance agreement is that of ratings at random, and the more evenly values are used the more "
    "ratings are taken to be so: the sum of π (1 − π) over the values, over q (q − 1), times the "
    "sum of all weights; π is the mean over units of the share of ratings that give the value, "
    "units with one rating included, and q the number of values on the scale. "
)
EQUAL = (
    "Chance agreement is that of annotators who give each of the q values of the scale equally "
    "often: the sum of all weights over q². "
)
SCALE = (
    "The scale has all declared values, whether or not somebody gave them; with unused values "
    "ignored, those that somebody gave."
)
PAIR = "Of two annotators, on the units that both judged. "

CHOICE_DEFINITIONS: dict[str, Definition] = {
    "percent-agreement": Definition(
        title="Percent agreement",
        text="The share of pairs of ratings on one unit that are equal, as the mean over units "
        "with two ratings or more; for two annotators the share of shared units on which they are "
        "equal. Sets are equal when they hold the same. Nothing is corrected for chance.",
        source=GWET,
    ),
    "specific-agreement": Definition(
        title="Specific agreement on a value",
        text="Of the pairs of ratings on one unit of which at least one gives the value, each "
        "counted from the side of a rating that gives it, the share in which the other gives it "
        "too; for two annotators that is the F1 of one against the other. Not corrected for "
        "chance; pairs are added up over units, so that units with more ratings count more.",
        source="Cicchetti & Feinstein 1990, High agreement but low kappa: II. Resolving the "
        "paradoxes, Journal of Clinical Epidemiology 43(6); for several annotators Fleiss 1971, "
        "Measuring nominal scale agreement among many raters, Psychological Bulletin 76(5), where "
        "all units have as many ratings",
    ),
    "krippendorff-alpha-nominal": Definition(
        title="Krippendorff's α, nominal",
        text=f"{ALPHA}0 for equal values, 1 for others.",
        source=KRIPPENDORFF,
    ),
    "krippendorff-alpha-ordinal": Definition(
        title="Krippendorff's α, ordinal",
        text=f"{ALPHA}the number of ratings from the one value to the other in the order of the "
        "scale, those of the two themselves by half, squared. Values that nobody gave do not "
        "matter.",
        source=KRIPPENDORFF,
    ),
    "krippendorff-alpha-interval": Definition(
        title="Krippendorff's α, interval",
        text=f"{ALPHA}the difference of the two numbers, squared.",
        source=KRIPPENDORFF,
    ),
    "krippendorff-alpha-ratio": Definition(
        title="Krippendorff's α, ratio",
        text=f"{ALPHA}the difference of the two numbers over their sum, squared; 0 where both are "
        "0. Numbers below 0 have no such distance.",
        source=KRIPPENDORFF,
    ),
    "krippendorff-alpha-masi": Definition(
        title="Krippendorff's α with MASI distance",
        text=f"{ALPHA}of two sets, one minus the share of what is in either that is in both, times "
        "1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap otherwise and 0 "
        "where they do not. Two empty sets are equal.",
        source="Passonneau 2006, Measuring agreement on set-valued items (MASI) for semantic and "
        f"pragmatic annotation, LREC; {KRIPPENDORFF}",
    ),
    "krippendorff-alpha-jaccard": Definition(
        title="Krippendorff's α with Jaccard distance",
        text=f"{ALPHA}of two sets, one minus the share of what is in either that is in both. Two "
        "empty sets are equal.",
        source="Jaccard 1912, The distribution of the flora in the alpine zone, New Phytologist "
        f"11(2); {KRIPPENDORFF}",
    ),
    "fleiss-kappa": Definition(
        title="Fleiss' κ",
        text=f"{AGREEMENT}Chance agreement is the sum of π² over the values, where π is the mean "
        "over units of the share of ratings that give the value, units with one rating included: "
        "Gwet's form for missing ratings and varying numbers of annotators. Where all units have "
        "the same number of ratings it is Fleiss' own, and for two annotators Scott's π.",
        source="Fleiss 1971, Measuring nominal scale agreement among many raters, Psychological "
        f"Bulletin 76(5); {GWET}",
    ),
    "gwet-ac1": Definition(
        title="Gwet's AC1",
        text=f"{AGREEMENT}{AC}Here the weights are 1 for equal values. {SCALE}",
        source="Gwet 2008, Computing inter-rater reliability and its variance in the presence of "
        "high agreement, British Journal of Mathematical and Statistical Psychology 61(1); "
        f"{GWET}",
    ),
    "gwet-ac2-linear": Definition(
        title="Gwet's AC2, linear weights",
        text=f"{AGREEMENT}{LINEAR}{AC}{SCALE}",
        source=GWET,
    ),
    "gwet-ac2-quadratic": Definition(
        title="Gwet's AC2, quadratic weights",
        text=f"{AGREEMENT}{QUADRATIC}{AC}{SCALE}",
        source=GWET,
    ),
    "brennan-prediger": Definition(
        title="Brennan & Prediger's coefficient",
        text=f"{AGREEMENT}{EQUAL}Here that is 1 / q. For two annotators it is Bennett's S, for "
        f"many Randolph's free-marginal κ. {SCALE}",
        source="Brennan & Prediger 1981, Coefficient kappa: some uses, misuses, and alternatives, "
        f"Educational and Psychological Measurement 41(3); {GWET}",
    ),
    "brennan-prediger-linear": Definition(
        title="Brennan & Prediger's coefficient, linear weights",
        text=f"{AGREEMENT}{LINEAR}{EQUAL}{SCALE}",
        source=GWET,
    ),
    "brennan-prediger-quadratic": Definition(
        title="Brennan & Prediger's coefficient, quadratic weights",
        text=f"{AGREEMENT}{QUADRATIC}{EQUAL}{SCALE}",
        source=GWET,
    ),
    "cohen-kappa": Definition(
        title="Cohen's κ",
        text=f"{PAIR}Chance agreement is that of two who give each value as often as these two do, "
        "independently of each other.",
        source=COHEN,
    ),
    "cohen-kappa-linear": Definition(
        title="Cohen's κ, linear weights",
        text=f"{PAIR}{LINEAR}Chance agreement is that of two who give each value as often as these "
        f"two do, independently of each other. {SCALE}",
        source=WEIGHTED,
    ),
    "cohen-kappa-quadratic": Definition(
        title="Cohen's κ, quadratic weights",
        text=f"{PAIR}{QUADRATIC}Chance agreement is that of two who give each value as often as "
        f"these two do, independently of each other. {SCALE}",
        source=WEIGHTED,
    ),
    "scott-pi": Definition(
        title="Scott's π",
        text=f"{PAIR}Chance agreement is that of two who each give each value as often as both do "
        "together.",
        source="Scott 1955, Reliability of content analysis: the case of nominal scale coding, "
        "Public Opinion Quarterly 19(3)",
    ),
    "conger-kappa": Definition(
        title="Conger's κ",
        text=f"{AGREEMENT}Chance agreement is that of two who give each value as often as two of "
        "the annotators do, independently of each other, as the mean over all pairs of annotators; "
        "an annotator's shares are of all that annotator's ratings, units with one rating "
        "included. Where two annotators rated all units it is Cohen's κ.",
        source="Conger 1980, Integration and generalization of kappas for multiple raters, "
        f"Psychological Bulletin 88(2); for missing ratings {GWET}",
    ),
    "light-kappa": Definition(
        title="Light's κ",
        text="The mean of Cohen's κ over all pairs of annotators who share units and for whom it "
        "is defined; each pair counts the same, however many units it shares.",
        source="Light 1971, Measures of response agreement for qualitative data: some "
        "generalizations and alternatives, Psychological Bulletin 76(5)",
    ),
}
