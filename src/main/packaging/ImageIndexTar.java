import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One OCI layout in a tar, with an index of the images of several such tars. */
final class ImageIndexTar {
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String BLOBS = "blobs/sha256/";
  private static final JsonMapper JSON = new JsonMapper();

  private final String name;
  private final Instant time;
  private final Map<String, String> annotations;
  private final Map<String, byte[]> blobs = new TreeMap<>();
  private final List<Object> manifests = new ArrayList<>();

  ImageIndexTar(String name, Instant time, Map<String, String> annotations) {
    this.name = name;
    this.time = time;
    this.annotations = annotations;
  }

  /** Adds the image of a tar. */
  void add(Path tar) throws IOException {
    byte[] index = null;
    try (InputStream in = Files.newInputStream(tar);
        TarArchiveInputStream entries = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        if (entry.getName().startsWith(BLOBS) && entry.isFile()) {
          blobs.put(entry.getName().substring(BLOBS.length()), entries.readAllBytes());
        } else if (entry.getName().equals("index.json")) {
          index = entries.readAllBytes();
        }
      }
    }
    JsonNode manifest = JSON.readTree(index).get("manifests").get(0);
    String digest = manifest.get("digest").stringValue();
    JsonNode config = JSON.readTree(blob(JSON.readTree(blob(digest)).at("/config/digest")));
    Map<String, Object> descriptor =
        descriptor(manifest.get("mediaType").stringValue(), digest, blob(digest).length);
    Map<String, String> platform = new LinkedHashMap<>();
    platform.put("architecture", config.get("architecture").stringValue());
    platform.put("os", config.get("os").stringValue());
    descriptor.put("platform", platform);
    manifests.add(descriptor);
  }

  private byte[] blob(JsonNode digest) {
    return blob(digest.stringValue());
  }

  private byte[] blob(String digest) {
    return blobs.get(digest.substring(digest.indexOf(':') + 1));
  }

  private static Map<String, Object> descriptor(String mediaType, String digest, int size) {
    Map<String, Object> descriptor = new LinkedHashMap<>();
    descriptor.put("mediaType", mediaType);
    descriptor.put("digest", digest);
    descriptor.put("size", size);
    return descriptor;
  }

  /** Writes the tar, and gives the digest of the index. */
  String writeTo(Path tar) throws IOException {
    byte[] images = index(manifests, annotations);
    String digest = hash(images);
    blobs.put(digest, images);
    Map<String, Object> named = descriptor(INDEX, "sha256:" + digest, images.length);
    named.put(
        "annotations",
        new TreeMap<>(
            Map.of("io.containerd.image.name", name, "org.opencontainers.image.ref.name", name)));
    Path draft = tar.resolveSibling(tar.getFileName() + ".new");
    try (OutputStream out = Files.newOutputStream(draft);
        TarArchiveOutputStream entries = new TarArchiveOutputStream(out)) {
      put(
          entries,
          "oci-layout",
          "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
      put(entries, "index.json", index(List.of(named), Map.of()));
      for (Map.Entry<String, byte[]> blob : blobs.entrySet()) {
        put(entries, BLOBS + blob.getKey(), blob.getValue());
      }
    }
    Files.move(draft, tar, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return "sha256:" + digest;
  }

  private static byte[] index(List<Object> manifests, Map<String, String> annotations) {
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("schemaVersion", 2);
    index.put("mediaType", INDEX);
    index.put("manifests", manifests);
    if (!annotations.isEmpty()) {
      index.put("annotations", annotations);
    }
    return JSON.writeValueAsBytes(index);
  }

  private void put(TarArchiveOutputStream out, String file, byte[] content) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(file);
    entry.setSize(content.length);
    entry.setModTime(time.toEpochMilli());
    entry.setIds(0, 0);
    entry.setNames("", "");
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
