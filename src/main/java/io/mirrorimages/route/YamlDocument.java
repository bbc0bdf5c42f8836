package io.mirrorimages.route;

import io.mirrorimages.image.Text;
import java.io.StringReader;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A YAML document as nodes with line numbers, for {@link YamlMap}. Errors name the line, and never
 * repeat the text, which may hold a password.
 */
public final class YamlDocument {
  private YamlDocument() {}

  /**
   * The first document of a text; Go's {@code yaml.v2} reads no other.
   *
   * @param more receives the line of a further document, counted from 1
   * @throws YamlMap.TypeException with the line, if the text is not YAML
   */
  public static Optional<Node> first(String text, IntConsumer more) {
    StreamReader reader = new StreamReader(new StringReader(text));
    LoaderOptions options = new LoaderOptions();
    try {
      Composer composer = new Composer(new ParserImpl(reader, options), new Resolver(), options);
      if (!composer.checkNode()) {
        return Optional.empty();
      }
      Node first = composer.getNode();
      int end = first.getEndMark().getLine();
      if (text.lines().skip(end).anyMatch(line -> line.startsWith("---"))) {
        more.accept(end + 1);
      }
      return Optional.of(first);
    } catch (MarkedYAMLException e) {
      throw new YamlMap.TypeException(YamlMap.line(e), "not YAML: " + problem(e));
    } catch (ReaderException e) {
      throw new YamlMap.TypeException(
          reader.getLine() + 1, "not YAML that can be read: is it UTF-8 text?");
    } catch (RuntimeException e) {
      // The parser's own faults, such as a number that it does not expect to be too large.
      throw new YamlMap.TypeException(reader.getLine() + 1, "not YAML that can be read");
    }
  }

  private static String problem(MarkedYAMLException e) {
    String problem = e.getProblem() == null ? "" : e.getProblem();
    return problem.matches("(?is).*(alias|anchor|tag|handle).*")
        ? "a text that begins with *, & or ! has to stand in quotes"
        : Text.plain(problem);
  }
}
