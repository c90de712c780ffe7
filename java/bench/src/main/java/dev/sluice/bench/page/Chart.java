package dev.sluice.bench.page;

import dev.sluice.bench.report.Interval;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.LineBorder;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.ViewBox;

/** A chart of medians with their intervals, as an SVG that takes its colours from the page. */
final class Chart {
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final double DOT = 7;

  private final String id;
  private final String title;
  private final XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
  private final List<Color> colours = new ArrayList<>();

  private Chart(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** Figures at some of the places of an axis. */
  record Series(String name, Color colour, List<Point> points) {}

  /** A figure at a place, counted from 0. */
  record Point(int place, Interval figure) {}

  /** Figures by size: a line for each series. */
  static String lines(
      String id, String title, String figure, List<String> places, List<Series> series) {
    Chart chart = new Chart(id, title);
    for (Series each : series) {
      XYIntervalSeries points = chart.series(each);
      for (Point point : each.points()) {
        Interval value = point.figure();
        double x = point.place();
        points.add(x, x, x, value.median(), value.low(), value.high());
      }
    }
    NumberAxis range = new NumberAxis(figure);
    range.setAutoRangeIncludesZero(true);
    return chart.svg(places(places), range, true, 560, 330);
  }

  /** One figure to a row, on an axis of ratios where 1 is level. */
  static String ratios(
      String id, String title, String figure, double margin, List<String> rows, List<Series> all) {
    Chart chart = new Chart(id, title);
    for (Series each : all) {
      XYIntervalSeries points = chart.series(each);
      for (Point point : each.points()) {
        Interval value = point.figure();
        double y = point.place();
        points.add(value.median(), value.low(), value.high(), y, y, y);
      }
    }
    LogAxis domain = new LogAxis(figure);
    domain.setBase(2);
    DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
    domain.setNumberFormatOverride(new DecimalFormat("0.##", symbols));
    SymbolAxis range = places(rows);
    range.setInverted(true);
    int height = 90 + 21 * rows.size();
    return chart.svg(domain, range, false, 900, height, margin);
  }

  /** A line in each row, from one figure to another. */
  static String spans(String id, String title, String figure, List<String> rows, List<Series> all) {
    Chart chart = new Chart(id, title);
    for (Series each : all) {
      XYIntervalSeries points = chart.series(each);
      for (Point point : each.points()) {
        Interval value = point.figure();
        double y = point.place();
        points.add(value.median(), value.low(), value.high(), y, y, y);
      }
    }
    NumberAxis domain = new NumberAxis(figure);
    domain.setAutoRangeIncludesZero(true);
    SymbolAxis range = places(rows);
    range.setInverted(true);
    return chart.svg(domain, range, false, 900, 90 + 21 * rows.size());
  }

  private XYIntervalSeries series(Series each) {
    XYIntervalSeries points = new XYIntervalSeries(each.name());
    data.addSeries(points);
    colours.add(each.colour());
    return points;
  }

  private static SymbolAxis places(List<String> names) {
    SymbolAxis axis = new SymbolAxis(null, names.toArray(new String[0]));
    axis.setGridBandsVisible(false);
    axis.setRange(-0.5, names.size() - 0.5);
    return axis;
  }

  private String svg(ValueAxis domain, ValueAxis range, boolean joined, int width, int height) {
    return svg(domain, range, joined, width, height, Double.NaN);
  }

  private String svg(
      ValueAxis domain, ValueAxis range, boolean joined, int width, int height, double margin) {
    XYErrorRenderer renderer = new XYErrorRenderer();
    renderer.setDefaultLinesVisible(joined);
    renderer.setDrawXError(!joined);
    renderer.setDrawYError(joined);
    for (int i = 0; i < colours.size(); i++) {
      renderer.setSeriesPaint(i, colours.get(i));
      renderer.setSeriesStroke(i, new BasicStroke(1.6f));
      renderer.setSeriesShape(i, new Ellipse2D.Double(-DOT / 2, -DOT / 2, DOT, DOT));
    }
    XYPlot plot = new XYPlot(data, domain, range, renderer);
    plot.setBackgroundPaint(null);
    plot.setOutlineVisible(false);
    plot.setDomainGridlinePaint(ChartColors.GRID);
    plot.setRangeGridlinePaint(ChartColors.GRID);
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    if (!Double.isNaN(margin)) {
      plot.addDomainMarker(
          new IntervalMarker(1 - margin, 1 + margin, ChartColors.BAND), Layer.BACKGROUND);
      plot.addDomainMarker(
          new ValueMarker(1, ChartColors.INK, new BasicStroke(1)), Layer.BACKGROUND);
    }
    for (ValueAxis axis : List.of(domain, range)) {
      axis.setLabelFont(FONT);
      axis.setTickLabelFont(FONT);
      axis.setLabelPaint(ChartColors.INK);
      axis.setTickLabelPaint(ChartColors.INK);
      axis.setAxisLinePaint(ChartColors.FAINT);
      axis.setTickMarkPaint(ChartColors.FAINT);
    }
    JFreeChart chart = new JFreeChart(null, FONT, plot, colours.size() > 1);
    chart.setBackgroundPaint(null);
    if (chart.getLegend() != null) {
      chart.getLegend().setBackgroundPaint(null);
      chart.getLegend().setItemPaint(ChartColors.INK);
      chart.getLegend().setItemFont(FONT);
      chart
          .getLegend()
          .setFrame(
              new LineBorder(
                  ChartColors.GRID, new BasicStroke(0), new RectangleInsets(0, 0, 0, 0)));
    }
    SVGGraphics2D graphics = new SVGGraphics2D(width, height);
    graphics.setDefsKeyPrefix(id);
    chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height));
    String svg = graphics.getSVGElement(id, false, new ViewBox(0, 0, width, height), null, null);
    return ChartColors.inVariables(svg)
        .replaceFirst(
            "<svg ",
            "<svg class=\"chart\" role=\"img\" style=\"max-width:"
                + width
                + "px\" aria-label=\""
                + title.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;")
                + "\" ");
  }
}
