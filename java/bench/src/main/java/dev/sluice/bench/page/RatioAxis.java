package dev.sluice.bench.page;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/** An axis of logarithms with ticks at 1, 2, 5, 10, 20, 50; at more where these would be few. */
final class RatioAxis extends LogAxis {
  private static final long serialVersionUID = 1;

  private static final int FEWEST_TICKS = 4;

  /** The ticks of a decade, the coarsest first. */
  private static final double[][] DECADES = {
    {1, 2, 5},
    {1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9},
    {1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 9.5},
  };

  RatioAxis(String label) {
    super(label);
  }

  @Override
  public List<NumberTick> refreshTicks(
      Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
    DecimalFormat format = new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT));
    return Arrays.stream(ticks(getRange().getLowerBound(), getRange().getUpperBound()))
        .mapToObj(
            value ->
                new NumberTick(
                    value, format.format(value), TextAnchor.TOP_CENTER, TextAnchor.CENTER, 0))
        .toList();
  }

  /** The values with a tick from one to another. */
  static double[] ticks(double low, double high) {
    double[] ticks = {};
    for (double[] decade : DECADES) {
      ticks = ticks(decade, low, high);
      if (ticks.length >= FEWEST_TICKS) {
        break;
      }
    }
    return ticks;
  }

  private static double[] ticks(double[] decade, double low, double high) {
    double[] ticks = {};
    for (int power = (int) Math.floor(Math.log10(low)); Math.pow(10, power) <= high; power++) {
      for (double tick : decade) {
        // A quotient of whole numbers is the double next to the decimal fraction.
        double value = power < 0 ? tick / Math.pow(10, -power) : tick * Math.pow(10, power);
        if (value >= low && value <= high) {
          ticks = Arrays.copyOf(ticks, ticks.length + 1);
          ticks[ticks.length - 1] = value;
        }
      }
    }
    return ticks;
  }
}
