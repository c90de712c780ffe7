package dev.sluice.bench.page;

import dev.sluice.bench.report.Interval;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.LineBorder;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.ViewBox;

/** A chart of medians with their intervals, as an SVG that takes its colours from the page. */
final class Chart {
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final double DOT = 7;
  private static final double SMALL_DOT = 4;

  /** The width of the page, on which a chart is as wide. */
  private static final int WIDTH = 1140;

  private final String id;
  private final String title;
  private final XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
  private final List<Color> colours = new ArrayList<>();
  private final XYSeriesCollection small = new XYSeriesCollection();

  private Chart(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** Figures at some of the places of an axis. */
  record Series(String name, Color colour, List<Point> points) {}

  /** A figure at a place, counted from 0. */
  record Point(int place, Interval figure) {}

  /** Values that are drawn as small dots beside the figure at a place, counted from 0. */
  record Dots(String name, int place, List<Double> values) {}

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
    return chart.svg(places(places), range, true, 330);
  }

  /** One figure to a row, on an axis of ratios where 1 is level. */
  static String ratios(
      String id,
      String title,
      String figure,
      double margin,
      List<String> rows,
      List<Series> all,
      List<Dots> dots) {
    Chart chart = new Chart(id, title);
    chart.addRows(all);
    chart.addDots(dots);
    return chart.svg(new RatioAxis(figure), rows(rows), false, height(rows), margin);
  }

  /** A line in each row, from one figure to another. */
  static String spans(String id, String title, String figure, List<String> rows, List<Series> all) {
    Chart chart = new Chart(id, title);
    chart.addRows(all);
    return chart.svg(new RatioAxis(figure), rows(rows), false, height(rows));
  }

  private void addRows(List<Series> all) {
    for (Series each : all) {
      XYIntervalSeries points = series(each);
      for (Point point : each.points()) {
        Interval value = point.figure();
        double y = point.place();
        points.add(value.median(), value.low(), value.high(), y, y, y);
      }
    }
  }

  /** Small dots are a little below the line of their row. */
  private void addDots(List<Dots> all) {
    Map<String, XYSeries> byName = new LinkedHashMap<>();
    for (Dots dots : all) {
      XYSeries series = byName.computeIfAbsent(dots.name(), XYSeries::new);
      dots.values().forEach(value -> series.add((double) value, dots.place() + 0.3));
    }
    byName.values().forEach(small::addSeries);
  }

  private static SymbolAxis rows(List<String> rows) {
    SymbolAxis axis = places(rows);
    axis.setInverted(true);
    return axis;
  }

  private static int height(List<String> rows) {
    return 90 + 21 * rows.size();
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

  private String svg(ValueAxis domain, ValueAxis range, boolean joined, int height) {
    return svg(domain, range, joined, height, Double.NaN);
  }

  private String svg(ValueAxis domain, ValueAxis range, boolean joined, int height, double margin) {
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
    if (small.getSeriesCount() > 0) {
      XYLineAndShapeRenderer dots = new XYLineAndShapeRenderer(false, true);
      dots.setDefaultPaint(ChartColors.FAINT);
      dots.setAutoPopulateSeriesPaint(false);
      dots.setDefaultShape(
          new Ellipse2D.Double(-SMALL_DOT / 2, -SMALL_DOT / 2, SMALL_DOT, SMALL_DOT));
      dots.setAutoPopulateSeriesShape(false);
      plot.setDataset(1, small);
      plot.setRenderer(1, dots);
    }
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
    JFreeChart chart =
        new JFreeChart(null, FONT, plot, colours.size() + small.getSeriesCount() > 1);
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
    SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, height);
    graphics.setDefsKeyPrefix(id);
    chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
    String svg = graphics.getSVGElement(id, false, new ViewBox(0, 0, WIDTH, height), null, null);
    return ChartColors.inVariables(svg)
        .replaceFirst(
            "<svg ",
            "<svg class=\"chart\" role=\"img\" aria-label=\""
                + title.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;")
                + "\" ");
  }
}
