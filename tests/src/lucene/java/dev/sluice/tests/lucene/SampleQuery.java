package dev.sluice.tests.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;

/** A query of one of several kinds, and the order of its hits. */
record SampleQuery(String kind, Query query, Sort sort) {
  private static final long SEED = 7;
  private static final int HITS = 20;

  private interface Kind {
    Query make(Random random);
  }

  private record Named(String name, Kind kind, Sort sort) {}

  private static final Sort BY_VALUE = new Sort(new SortField("value", SortField.Type.LONG));
  private static final Sort BY_GROUP =
      new Sort(new SortField("group", SortField.Type.STRING), SortField.FIELD_SCORE);

  private static final List<Named> KINDS =
      List.of(
          new Named("term", SampleQuery::term, Sort.RELEVANCE),
          new Named("all of two", random -> all(random, 2), Sort.RELEVANCE),
          new Named("all of three", random -> all(random, 3), Sort.RELEVANCE),
          new Named("any of three", random -> of(random, 3, Occur.SHOULD).build(), Sort.RELEVANCE),
          new Named("one without another", SampleQuery::without, Sort.RELEVANCE),
          new Named("phrase", random -> phrase(random, 0), Sort.RELEVANCE),
          new Named("near", random -> phrase(random, 4), Sort.RELEVANCE),
          new Named("prefix", SampleQuery::prefix, Sort.RELEVANCE),
          new Named("range of points", SampleQuery::points, Sort.RELEVANCE),
          new Named("range of doc values", SampleQuery::values, Sort.RELEVANCE),
          new Named("term by value", SampleQuery::term, BY_VALUE),
          new Named("term by group", SampleQuery::term, BY_GROUP),
          new Named("vector", SampleQuery::vector, Sort.RELEVANCE));

  /** As many queries of each kind as asked for, one kind after the other in turn. */
  static List<SampleQuery> some(int ofEach) {
    Random random = new Random(SEED);
    List<SampleQuery> some = new ArrayList<>();
    for (int i = 0; i < ofEach; i++) {
      for (Named named : KINDS) {
        some.add(new SampleQuery(named.name, named.kind.make(random), named.sort));
      }
    }
    return some;
  }

  /** A searcher that keeps no answers. */
  static IndexSearcher searcher(IndexReader reader) {
    IndexSearcher searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    return searcher;
  }

  /** Its answer as a number: how many hits, which, their scores and what is stored of them. */
  long answer(IndexSearcher searcher) throws IOException {
    TopDocs top = searcher.search(query, HITS, sort, true);
    long hash = top.totalHits.value() * 31 + top.totalHits.relation().ordinal();
    for (ScoreDoc hit : top.scoreDocs) {
      hash = hash * 31 + hit.doc;
      hash = hash * 31 + Float.floatToIntBits(hit.score);
    }
    for (int i = 0; i < Math.min(3, top.scoreDocs.length); i++) {
      var stored = searcher.storedFields().document(top.scoreDocs[i].doc);
      hash = hash * 31 + stored.get("id").hashCode();
      hash = hash * 31 + stored.get("start").hashCode();
    }
    return hash;
  }

  private static Term word(Random random) {
    return new Term("body", SampleIndex.word(random));
  }

  private static Query term(Random random) {
    return new TermQuery(word(random));
  }

  private static BooleanQuery.Builder of(Random random, int words, Occur occur) {
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    for (int i = 0; i < words; i++) {
      builder.add(term(random), occur);
    }
    return builder;
  }

  private static Query all(Random random, int words) {
    return of(random, words, Occur.MUST).build();
  }

  private static Query without(Random random) {
    return of(random, 1, Occur.MUST).add(term(random), Occur.MUST_NOT).build();
  }

  /** Of common words, so that there are hits. */
  private static Query phrase(Random random, int slop) {
    return new PhraseQuery(slop, "body", "w" + random.nextInt(60), "w" + random.nextInt(60));
  }

  private static Query prefix(Random random) {
    return new PrefixQuery(new Term("body", "w" + (100 + random.nextInt(900))));
  }

  private static Query points(Random random) {
    long from = random.nextInt(900_000);
    return LongPoint.newRangeQuery("value", from, from + random.nextInt(100_000));
  }

  private static Query values(Random random) {
    long from = random.nextInt(900_000);
    Query range =
        NumericDocValuesField.newSlowRangeQuery("value", from, from + random.nextInt(100_000));
    return new BooleanQuery.Builder()
        .add(term(random), Occur.MUST)
        .add(range, Occur.FILTER)
        .build();
  }

  private static Query vector(Random random) {
    return new KnnFloatVectorQuery("vector", SampleIndex.vector(random), HITS);
  }
}
