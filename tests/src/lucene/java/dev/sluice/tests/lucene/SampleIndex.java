package dev.sluice.tests.lucene;

import java.io.IOException;
import java.util.Random;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.BytesRef;

/** Documents that are the same in every run, with a field of each kind. */
final class SampleIndex {
  static final int DOCUMENTS = 50_000;
  static final int WORDS = 20_000;
  static final int GROUPS = 500;
  static final int DIMENSIONS = 16;

  private static final long SEED = 20_26;
  private static final int EACH_VECTOR = 20;
  private static final int EACH_DELETION = 97;
  private static final int BUFFERED = 10_000;
  private static final int MERGED = 4;

  private SampleIndex() {}

  static void write(Directory directory) throws IOException {
    Random random = new Random(SEED);
    LogDocMergePolicy merges = new LogDocMergePolicy();
    merges.setMergeFactor(MERGED);
    IndexWriterConfig config =
        new IndexWriterConfig(new StandardAnalyzer())
            .setMaxBufferedDocs(BUFFERED)
            .setRAMBufferSizeMB(IndexWriterConfig.DISABLE_AUTO_FLUSH)
            .setMergePolicy(merges)
            .setMergeScheduler(new SerialMergeScheduler());
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < DOCUMENTS; i++) {
        writer.addDocument(document(i, random));
      }
      for (int i = 0; i < DOCUMENTS; i += EACH_DELETION) {
        writer.deleteDocuments(new Term("id", id(i)));
      }
    }
  }

  private static Document document(int number, Random random) {
    Document document = new Document();
    document.add(new StringField("id", id(number), Field.Store.YES));
    String body = text(random, 10 + random.nextInt(20));
    document.add(new TextField("body", body, Field.Store.NO));
    document.add(new StoredField("start", body.substring(0, 20)));
    long value = random.nextLong(1_000_000);
    document.add(new LongPoint("value", value));
    document.add(new NumericDocValuesField("value", value));
    BytesRef group = new BytesRef("group" + random.nextInt(GROUPS));
    document.add(new SortedDocValuesField("group", group));
    if (number % EACH_VECTOR == 0) {
      document.add(new KnnFloatVectorField("vector", vector(random)));
    }
    return document;
  }

  private static String id(int number) {
    return "d" + number;
  }

  /** A word, of which the first are as common as those of a language. */
  static String word(Random random) {
    return "w" + (int) (Math.pow(WORDS, random.nextDouble()) - 1);
  }

  private static String text(Random random, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(word(random)).append(' ');
    }
    return text.toString();
  }

  static float[] vector(Random random) {
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = random.nextFloat() - 0.5f;
    }
    return vector;
  }
}
