package io.mirrorimages.image;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of an image, normalised: {@code registry/path[:tag][@digest]} with at least one of tag
 * and digest.
 *
 * <p>Grammar and defaults are those of the Docker reference library: the first component is a
 * registry only if it has a dot or a colon, or is {@code localhost}; without one it is {@code
 * docker.io}; a single component on {@code docker.io} is below {@code library/}; neither tag nor
 * digest means {@code latest}.
 *
 * @param repository where the image is
 * @param tag its tag, if it has one
 * @param digest its digest, if it is pinned; it decides over the tag
 */
public record Reference(Repository repository, Optional<String> tag, Optional<Digest> digest) {
  private static final String DOCKER_HUB = "docker.io";
  private static final Set<String> DOCKER_HUB_ALIASES =
      Set.of("index.docker.io", "registry-1.docker.io");
  private static final int LONGEST_NAME = 255;
  // Name, tag and a sha512 digest.
  private static final int LONGEST_REFERENCE = LONGEST_NAME + 1 + 128 + 1 + 7 + 128;
  private static final Pattern PATH_COMPONENT =
      Pattern.compile("[a-z0-9]+(?:(?:[.]|_{1,2}|-+)[a-z0-9]+)*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:[.][A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
              + "|\\[[0-9A-Fa-f:]+])(?::[0-9]{1,5})?");

  /** Refuses a reference with neither tag nor digest. */
  public Reference {
    if (tag.isEmpty() && digest.isEmpty()) {
      throw new IllegalArgumentException("a reference needs a tag or a digest");
    }
  }

  /**
   * Parses and normalises {@code text}; {@link InvalidContentException} with the reason if it is
   * not a reference.
   */
  public static Reference parse(String text) {
    if (text.length() > LONGEST_REFERENCE) {
      // Said before the patterns, which would go as deep as the text is long.
      throw new InvalidContentException(
          "longer than any reference: " + text.length() + " characters");
    }
    String rest = text;
    Optional<Digest> digest = Optional.empty();
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = Optional.of(Digest.parse(rest.substring(at + 1)));
      rest = rest.substring(0, at);
    }
    Optional<String> tag = Optional.empty();
    int colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      tag = Optional.of(checkTag(rest.substring(colon + 1)));
      rest = rest.substring(0, colon);
    }
    if (tag.isEmpty() && digest.isEmpty()) {
      tag = Optional.of("latest");
    }
    return new Reference(parseRepository(rest), tag, digest);
  }

  /** Parses {@code [registry/]path}, as in a reference without tag and digest. */
  public static Repository parseRepository(String name) {
    if (name.length() > LONGEST_NAME) {
      throw tooLong();
    }
    if (name.isEmpty()) {
      throw new InvalidContentException("the name is empty");
    }
    String registry = DOCKER_HUB;
    String path = name;
    int slash = name.indexOf('/');
    if (slash >= 0 && isRegistry(name.substring(0, slash))) {
      registry = checkRegistry(name.substring(0, slash));
      path = name.substring(slash + 1);
    }
    checkPath(path);
    if (registry.equals(DOCKER_HUB) && path.indexOf('/') < 0) {
      path = "library/" + path;
    }
    Repository repository = new Repository(registry, path);
    if (repository.toString().length() > LONGEST_NAME) {
      throw new InvalidContentException("the name is longer than " + LONGEST_NAME + " characters");
    }
    return repository;
  }

  /**
   * Checks a registry {@code host[:port]} and gives its normalised form: lower case, Docker Hub's
   * aliases resolved.
   */
  public static String checkRegistry(String registry) {
    if (!REGISTRY.matcher(registry).matches()) {
      throw new InvalidContentException("not a registry host: " + Text.quote(registry));
    }
    String host = registry.toLowerCase(Locale.ROOT);
    int port = host.lastIndexOf(':');
    if (port > host.lastIndexOf(']') && Integer.parseInt(host.substring(port + 1)) > 65535) {
      throw new InvalidContentException("not a port: " + Text.quote(registry.substring(port + 1)));
    }
    // One text for all images of a registry.
    return DOCKER_HUB_ALIASES.contains(host) ? DOCKER_HUB : host.intern();
  }

  /** Checks a repository path: lower-case components separated by slashes. Returns it. */
  public static String checkPath(String path) {
    for (String component : path.split("/", -1)) {
      if (!PATH_COMPONENT.matcher(component).matches()) {
        throw new InvalidContentException(
            component.isEmpty()
                ? "the name has an empty component: " + Text.quote(path)
                : component.equals(component.toLowerCase(Locale.ROOT))
                    ? "not a name component: " + Text.quote(component)
                    : "names are lower case: " + Text.quote(component));
      }
    }
    return path;
  }

  /** Checks a tag: up to 128 letters, digits, {@code _}, {@code .} and {@code -}. Returns it. */
  public static String checkTag(String tag) {
    if (!TAG.matcher(tag).matches()) {
      throw new InvalidContentException(
          tag.isEmpty() ? "the tag is empty" : "not a tag: " + Text.quote(tag));
    }
    return tag;
  }

  /** The same tag and digest in another repository. */
  public Reference in(Repository other) {
    return new Reference(other, tag, digest);
  }

  /**
   * This image pinned to {@code pinned}: the manifest with that digest in the same repository,
   * without tag.
   */
  public Reference at(Digest pinned) {
    return new Reference(repository, Optional.empty(), Optional.of(pinned));
  }

  /** What a registry is asked for when the image is fetched: the digest if pinned, else the tag. */
  public String fetchName() {
    return digest.map(Digest::toString).orElseGet(tag::orElseThrow);
  }

  /** The reference of the PUT: the tag if there is one, else the digest. */
  public String storeName() {
    return tag.orElseGet(() -> digest.orElseThrow().toString());
  }

  private static InvalidContentException tooLong() {
    return new InvalidContentException("the name is longer than " + LONGEST_NAME + " characters");
  }

  private static boolean isRegistry(String component) {
    return component.indexOf('.') >= 0
        || component.indexOf(':') >= 0
        || component.equals("localhost");
  }

  /** The full normalised name, which {@link #parse} reads back as the same reference. */
  @Override
  public String toString() {
    return repository + tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
  }
}
