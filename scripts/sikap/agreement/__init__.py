"""How far annotators agree: coefficients, their intervals, and what lies behind them."""
