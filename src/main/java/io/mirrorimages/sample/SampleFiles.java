package io.mirrorimages.sample;

import io.mirrorimages.sample.ImageMaker.Layer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The files in the sample images. */
final class SampleFiles {
  private SampleFiles() {}

  /** A layer of {@code size} bytes that look random and follow from its name alone. */
  static Layer layer(String name, int size) {
    byte[] content = new byte[size];
    // Random's sequence is part of its specification, and so is the hash of a string.
    new Random(name.hashCode()).nextBytes(content);
    return new Layer(name, Map.of("/usr/share/sample/" + name, content));
  }

  /** The tar of a Helm chart without templates. */
  static byte[] chart() throws IOException {
    byte[] description =
        ManifestText.bytes("apiVersion: v2\nname: sample-chart\nversion: 1.2.3+up0.1.0\n");
    TarArchiveEntry entry = new TarArchiveEntry("sample-chart/Chart.yaml");
    entry.setSize(description.length);
    entry.setModTime(0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(entry);
      tar.write(description);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }
}
