package io.mirrorimages.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A tool, and how it does each job: scripts for bash. They find in their environment {@code SOURCE}
 * and {@code TARGET} (host and port), {@code LIST} (a file of images with the source's name),
 * {@code NAMES} (the same without), {@code YAML} (the same for skopeo), {@code BLOBS} (repository,
 * digest and stream of each blob), {@code DIR} (an empty folder for what is saved) and {@code TOOL}
 * (our launcher).
 *
 * @param name what it is called in the table
 * @param program that must be on the path
 * @param version the command that prints its version
 * @param sync mirrors the images from source to target
 * @param save brings them from the source into {@code DIR}
 * @param load brings them from there to the target
 * @param keepsDigests whether each tag's digest must be the source's at the end
 */
record Contender(
    String name,
    String program,
    List<String> version,
    String sync,
    String save,
    String load,
    boolean keepsDigests) {

  /** The tool that is built here. */
  static final Contender OURS =
      new Contender(
          "mirror-images",
          "sh",
          List.of(),
          "exec \"$TOOL\" sync --quiet --list $LIST --registry $TARGET --failed $DIR/failed.txt",
          "exec \"$TOOL\" save --quiet --list $LIST --output $DIR/a.tar --failed $DIR/failed.txt",
          "exec \"$TOOL\" load --quiet --archive $DIR/a.tar --registry $TARGET --failed"
              + " $DIR/failed.txt",
          true);

  /**
   * Those of others. What makes one archive per image makes it in one folder here, with shared
   * blobs once, and no tar of that: the least work it can be given.
   */
  static final List<Contender> PEERS =
      List.of(
          new Contender(
              "skopeo",
              "skopeo",
              List.of("skopeo", "--version"),
              "exec skopeo --insecure-policy sync --all --src yaml --dest docker"
                  + " --dest-tls-verify=false $YAML $TARGET",
              each(
                  "skopeo --insecure-policy copy --quiet --all --src-tls-verify=false"
                      + " docker://$SOURCE/$image oci:$DIR/layout:$image"),
              each(
                  "skopeo --insecure-policy copy --quiet --all --dest-tls-verify=false"
                      + " oci:$DIR/layout:$image docker://$TARGET/$image"),
              true),
          new Contender(
              "crane",
              "crane",
              List.of("crane", "version"),
              each("crane copy --insecure $SOURCE/$image $TARGET/$image"),
              each("crane pull --insecure --format oci $SOURCE/$image $DIR/${image//[:\\/]/-}"),
              each("crane push --insecure $DIR/${image//[:\\/]/-} $TARGET/$image"),
              true),
          new Contender(
              "regctl",
              "regctl",
              List.of("regctl", "version"),
              each(
                  "regctl --host reg=$SOURCE,tls=disabled --host reg=$TARGET,tls=disabled"
                      + " image copy $SOURCE/$image $TARGET/$image"),
              each(
                  "regctl --host reg=$SOURCE,tls=disabled image copy $SOURCE/$image"
                      + " ocidir://$DIR/layout:${image//[:\\/]/-}"),
              each(
                  "regctl --host reg=$TARGET,tls=disabled image copy"
                      + " ocidir://$DIR/layout:${image//[:\\/]/-} $TARGET/$image"),
              true),
          // It makes each index anew, so that digests differ.
          new Contender(
              "hangar",
              "hangar",
              List.of("hangar", "version"),
              "exec hangar mirror --file $LIST --destination $TARGET --arch amd64,arm64"
                  + " --tls-verify=false --insecure-policy --skip-login",
              "exec hangar save --file $LIST --destination $DIR/a.zip --arch amd64,arm64"
                  + " --tls-verify=false --insecure-policy",
              "exec hangar load --source $DIR/a.zip --destination $TARGET --arch amd64,arm64"
                  + " --tls-verify=false --insecure-policy --skip-login",
              false),
          // It has no way past its store.
          new Contender(
              "hauler",
              "hauler",
              List.of("hauler", "version"),
              "hauler store sync --store $DIR/store --image-txt $LIST --exclude-extras"
                  + " && hauler store copy --store $DIR/store --plain-http registry://$TARGET",
              "hauler store sync --store $DIR/store --image-txt $LIST --exclude-extras"
                  + " && hauler store save --store $DIR/store --filename $DIR/a.tar.zst"
                  + " && rm -r $DIR/store",
              "hauler store load --store $DIR/store --filename $DIR/a.tar.zst"
                  + " && hauler store copy --store $DIR/store --plain-http registry://$TARGET",
              false));

  /** Another build of the tool, by its launcher; does what {@link #OURS} does. */
  static Contender baseline(Path launcher) {
    UnaryOperator<String> by = script -> script.replace("$TOOL", launcher.toString());
    return new Contender(
        "baseline",
        launcher.toString(),
        List.of(launcher.toString(), "--version"),
        by.apply(OURS.sync),
        by.apply(OURS.save),
        by.apply(OURS.load),
        true);
  }

  /** No tool: the blobs piped one after another, in two streams. */
  static final Contender CURL =
      new Contender(
          "curl",
          "curl",
          List.of("curl", "--version"),
          """
          stream() {
            while read -r repository digest stream; do
              [ "$stream" = "$1" ] || continue
              location=$(curl -sf -o /dev/null -w '%header{location}' -X POST \\
                http://$TARGET/v2/$repository/blobs/uploads/)
              curl -sf http://$SOURCE/v2/$repository/blobs/$digest |
                curl -sf -o /dev/null -T - -H 'Content-Type: application/octet-stream' \\
                  "$location&digest=$digest"
            done <$BLOBS
          }
          stream 0 & first=$!
          stream 1 & second=$!
          wait $first && wait $second
          """,
          "",
          "",
          false);

  private static String each(String command) {
    return "while read -r image; do " + command + " </dev/null; done <$NAMES";
  }

  /** Whether its program is on the path. */
  boolean isThere() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** What it says its version is. */
  String versionLine() throws IOException, InterruptedException {
    String line = Commands.firstLine(version.toArray(String[]::new));
    return line.toLowerCase(Locale.ROOT).contains(name) ? line : name + " " + line;
  }
}
