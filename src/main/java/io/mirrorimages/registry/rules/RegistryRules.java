package io.mirrorimages.registry.rules;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is particular about the registries of one kind, as far as it can't be found out at the first
 * request without cost. Immutable.
 *
 * @param name what users call it
 * @param hosts how these registries are named in images, where {@code *} is any text; a port may
 *     follow. Empty if they are on a site's own host
 * @param server how the {@code Server} header of its answers begins; empty if it says nothing
 * @param names what images can be called there
 * @param uploads how blobs are to be sent
 * @param makesRepositories whether a push makes the repository
 * @param advice what helps, by the status of an answer, or by the code of an error where something
 *     was to be stored; for the end of a message
 * @param budget limits as {@code --limit} takes them; empty for the usual ones
 * @param why the reason for that budget
 */
public record RegistryRules(
    String name,
    List<String> hosts,
    String server,
    Names names,
    UploadRules uploads,
    boolean makesRepositories,
    Map<String, String> advice,
    String budget,
    String why) {
  private static final int SHOWN = 5;

  /** Copies the collections. */
  public RegistryRules {
    hosts = List.copyOf(hosts);
    advice = Map.copyOf(advice);
  }

  /**
   * What images can be called.
   *
   * @param form how the user knows it, as {@code OWNER/NAME}
   * @param least how many parts between slashes a path has at least
   * @param most and at most
   */
  public record Names(String form, int least, int most) {
    static final Names ANY = new Names("NAME", 1, Integer.MAX_VALUE);
  }

  /**
   * How blobs are sent.
   *
   * @param chunks whether they can come in chunks
   * @param leastChunk the fewest bytes of a chunk, but for the last
   * @param mostChunk the most bytes of one
   * @param largestPut the most bytes of a blob that comes in one request
   * @param largestBlob the most bytes of a blob
   */
  public record UploadRules(
      boolean chunks, long leastChunk, long mostChunk, long largestPut, long largestBlob) {}

  /** Matches the names, {@code host[:port]}, of the registries that they are for. */
  Pattern hostPattern() {
    String any =
        hosts.stream()
            .map(host -> Stream.of(host.split("[*]", -1)).map(Pattern::quote))
            .map(parts -> parts.collect(Collectors.joining(".*")))
            .collect(Collectors.joining("|"));
    return Pattern.compile(hosts.isEmpty() ? "(?!)" : "(?:" + any + ")(?::[0-9]+)?");
  }

  /** Whether an answer with these headers comes from such a registry. */
  boolean cover(Function<String, Optional<String>> headers) {
    return !server.isEmpty()
        && headers.apply("Server").filter(value -> value.startsWith(server)).isPresent();
  }

  /** What helps against an error: empty, or a semicolon and one line. */
  public String remedy(int status, Predicate<String> code) {
    return advice.entrySet().stream()
        .filter(one -> one.getKey().equals(Integer.toString(status)) || code.test(one.getKey()))
        .map(one -> "; " + one.getValue())
        .findFirst()
        .orElse("");
  }

  /**
   * Checks that these images of it can be there.
   *
   * @throws InvalidContentException naming those that can't, up to five
   */
  public void checkNames(Collection<Reference> images) {
    List<Reference> refused = images.stream().filter(image -> !takes(image)).toList();
    if (refused.isEmpty()) {
      return;
    }
    String shown =
        refused.stream().limit(SHOWN).map(Reference::toString).collect(Collectors.joining(", "));
    String more = refused.size() > SHOWN ? " and " + (refused.size() - SHOWN) + " more" : "";
    boolean tooFew = parts(refused.getFirst()) < names.least();
    throw new InvalidContentException(
        name
            + " takes names of the form "
            + names.form()
            + " only, which is not that of "
            + shown
            + more
            + ": "
            + (tooFew
                ? "add what is missing with "
                    + Setting.REGISTRY
                    + " HOST/PATH, or rename them with "
                    + Setting.MAP
                : "rename them with " + Setting.MAP));
  }

  private boolean takes(Reference image) {
    return parts(image) >= names.least() && parts(image) <= names.most();
  }

  private static int parts(Reference image) {
    return image.repository().path().split("/").length;
  }
}
