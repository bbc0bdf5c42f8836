package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.cli.option.UnpackOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.Json;
import io.mirrorimages.job.inspect.ImageSet;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.line.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The names of images, one a line, for other programs and for {@code --list -}. */
@Command(
    name = "list",
    description = "Print the images of archives and lists, one a line, as --list takes them.",
    mixinStandardHelpOptions = true)
public final class ListCommand implements Callable<Integer> {
  private final PrintStream out;
  private final RunListener hints;

  @Parameters(
      arity = "0..*",
      paramLabel = "ARCHIVE|LIST",
      description =
          "Archives, volumes, oci:DIR, inventories, image lists; - is a list from standard input.")
  private List<String> names = new ArrayList<>();

  @Mixin private UnpackOptions unpacking;

  @Option(
      names = {"-a", "--archive", "-l", "--list"},
      paramLabel = "ARCHIVE|LIST",
      description = "The same as without an option.")
  private List<String> named = List.of();

  @Option(names = "--digests", description = "Print the digest of each image behind its name.")
  private boolean digests;

  @Option(
      names = "--sizes",
      description = "Print the bytes of each image and a tab before its name; - if not known.")
  private boolean sizes;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** Prints to {@code out}, and hints to {@code err}. */
  public ListCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.hints = Console.notices(err);
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    names.addAll(named);
    if (names.isEmpty()) {
      throw new UsageException("nothing to list: name archives or lists");
    }
    ImageSet set = ImageSets.read(names, sizes || json, unpacking, hints);
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(json(set)));
      return ExitCode.DONE;
    }
    for (ImageSet.Member image : set.images()) {
      String size = image.size().isPresent() ? "" + image.size().getAsLong() : "-";
      String digest = digests ? image.digest().map(d -> " " + d).orElse("") : "";
      // A name by digest has it already.
      boolean named = image.name().tag().isPresent();
      out.println((sizes ? size + "\t" : "") + image.name() + (named ? digest : ""));
    }
    return ExitCode.DONE;
  }

  private static ArrayNode json(ImageSet set) {
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (ImageSet.Member image : set.images()) {
      ObjectNode one = all.addObject().put("name", image.name().toString());
      image.digest().ifPresent(digest -> one.put("digest", digest.toString()));
      image.size().ifPresent(size -> one.put("size", size));
    }
    return all;
  }
}
