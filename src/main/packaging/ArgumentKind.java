import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.ArgSpec;

/**
 * What a completion offers for an argument, by the label that its help shows: so that a shell and
 * the help agree.
 *
 * @param values where the values come from
 * @param words all values, if these are the only ones; else empty
 */
record ArgumentKind(Values values, List<String> words) {
  /** Where values come from. */
  enum Values {
    /** The help lists them. */
    WORDS,
    FILES,
    /** Files that are called {@code *.tar}; all files where there are none. */
    ARCHIVES,
    FOLDERS,
    /** They are the user's own: sizes, times, names of hosts. */
    UNKNOWN,
    /** The argument takes no value, or none in a word of its own. */
    NONE
  }

  private static final List<String> FILE_LABELS =
      List.of("FILE", "FILE|oci:DIR", "PEM", "[HOST=]PEM", "ARCHIVE|LIST", "OLD", "NEW");

  static ArgumentKind of(ArgSpec argument) {
    if (argument.arity().min() == 0 && argument.isOption()) {
      return new ArgumentKind(Values.NONE, List.of());
    }
    String label = argument.paramLabel();
    if (label.matches("[a-z0-9-]+(\\|[a-z0-9-]+)+")) {
      return new ArgumentKind(Values.WORDS, Arrays.asList(label.split("\\|")));
    }
    if (argument.completionCandidates() != null) {
      List<String> words = new ArrayList<>();
      argument.completionCandidates().forEach(words::add);
      return new ArgumentKind(Values.WORDS, words);
    }
    return new ArgumentKind(
        switch (label) {
          case "ARCHIVE" -> Values.ARCHIVES;
          case "DIR" -> Values.FOLDERS;
          default -> FILE_LABELS.contains(label) ? Values.FILES : ofType(argument);
        },
        List.of());
  }

  private static Values ofType(ArgSpec argument) {
    if (argument.type() == Path.class) {
      throw new IllegalArgumentException("no values for the label " + argument.paramLabel());
    }
    return Values.UNKNOWN;
  }
}
