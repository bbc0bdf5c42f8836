package io.mirrorimages.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping of a YAML document, read as Go's {@code yaml.v2} fills a structure: keys keep their
 * case, {@code <<} is merged where it stands, a later key goes before an earlier one, and a value
 * of another type is an error.
 *
 * @param line where it stands
 * @param entries in the document's order; a key may come twice
 */
public record YamlMap(int line, List<Entry> entries) {
  private static final int DEEPEST_MERGE = 20;
  private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");
  private static final Pattern TRUE = Pattern.compile("y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON");
  private static final Pattern FALSE =
      Pattern.compile("n|N|no|No|NO|false|False|FALSE|off|Off|OFF");

  /** One key with its value. */
  public record Entry(String key, int line, Node value) {
    /** Whether the value is nothing at all. */
    public boolean isNull() {
      return YamlMap.isNull(value);
    }
  }

  /** A value of another type than it must have; not yet with the file's name. */
  public static final class TypeException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int line;

    /** At a line, counted from 1. */
    public TypeException(int line, String message) {
      super(message);
      this.line = line;
    }

    /** Where it stands, counted from 1. */
    public int line() {
      return line;
    }
  }

  /** The mapping that {@code node} is; nothing at all is an empty one. */
  public static YamlMap of(Node node, String what) {
    List<Entry> entries = new ArrayList<>();
    if (!isNull(node)) {
      collect(node, what, entries, 0);
    }
    return new YamlMap(line(node), entries);
  }

  private static void collect(Node node, String what, List<Entry> entries, int depth) {
    if (!(node instanceof MappingNode mapping)) {
      throw new TypeException(line(node), what + " must be a mapping, not " + kind(node));
    }
    if (depth > DEEPEST_MERGE) {
      throw new TypeException(line(node), what + " is merged into itself");
    }
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        merge(tuple.getValueNode(), what, entries, depth + 1);
      } else {
        entries.add(
            new Entry(
                text(tuple.getKeyNode(), "a key of " + what),
                line(tuple.getKeyNode()),
                tuple.getValueNode()));
      }
    }
  }

  /** Of several that are merged the first one wins. */
  private static void merge(Node node, String what, List<Entry> entries, int depth) {
    if (node instanceof SequenceNode several) {
      several.getValue().reversed().forEach(one -> collect(one, what, entries, depth));
    } else {
      collect(node, what, entries, depth);
    }
  }

  /** A scalar's text as it is written, whatever type it looks like; nothing is the empty text. */
  public static String text(Node node, String what) {
    if (!(node instanceof ScalarNode scalar)) {
      throw new TypeException(line(node), what + " must be text, not " + kind(node));
    }
    if (scalar.getTag().equals(Tag.BINARY)) {
      try {
        return new String(
            Base64.getMimeDecoder().decode(scalar.getValue()), StandardCharsets.ISO_8859_1);
      } catch (IllegalArgumentException e) {
        throw new TypeException(line(node), what + " is said to be binary, and is not base64");
      }
    }
    return isNull(node) ? "" : scalar.getValue();
  }

  /** The texts of a list; nothing is an empty list. */
  public static List<RegistriesFile.LocatedText> texts(Node node, String what) {
    if (isNull(node)) {
      return List.of();
    }
    if (!(node instanceof SequenceNode sequence)) {
      throw new TypeException(line(node), what + " must be a list, not " + kind(node));
    }
    return sequence.getValue().stream()
        .map(item -> new RegistriesFile.LocatedText(line(item), text(item, "an item of " + what)))
        .toList();
  }

  /** Yes or no in the many words of YAML 1.1, but not in quotes; nothing is no. */
  public static boolean truth(Node node, String what) {
    if (isNull(node)) {
      return false;
    }
    if (node instanceof ScalarNode scalar
        && (isPlain(scalar) || scalar.getTag().equals(Tag.BOOL))) {
      if (TRUE.matcher(scalar.getValue()).matches()) {
        return true;
      }
      if (FALSE.matcher(scalar.getValue()).matches()) {
        return false;
      }
    }
    throw new TypeException(
        line(node), what + " must be true or false without quotes, not " + kind(node));
  }

  static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar
        && isPlain(scalar)
        && NULL.matcher(scalar.getValue()).matches();
  }

  /** Whether Go looks for a type in it; SnakeYAML takes single letters for text. */
  private static boolean isPlain(ScalarNode scalar) {
    return scalar.getScalarStyle() == ScalarStyle.PLAIN
        && (!scalar.getTag().equals(Tag.STR) || scalar.getValue().length() == 1);
  }

  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  static int line(MarkedYAMLException e) {
    return e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
  }

  private static String kind(Node node) {
    return switch (node) {
      case MappingNode mapping -> "a mapping";
      case SequenceNode sequence -> "a list";
      default -> "a text";
    };
  }
}
