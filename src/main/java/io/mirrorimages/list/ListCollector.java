package io.mirrorimages.list;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the lists read so far come to: images, each once, and problems. Used by one thread. */
final class ListCollector {
  private final Map<Name, ListEntry> entries = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private int duplicates;

  /**
   * What makes two lines the same image: the tag they will have, or the digest if they have none.
   */
  private record Name(String repository, String name) {
    static Name of(Reference reference) {
      return new Name(reference.repository().toString(), reference.storeName());
    }
  }

  void problem(String message) {
    problems.add(message);
  }

  void add(ListEntry entry) {
    Name name = Name.of(entry.reference());
    ListEntry first = entries.putIfAbsent(name, entry);
    if (first == null) {
      return;
    }
    duplicates++;
    Optional<Digest> pinned = first.reference().digest();
    Optional<Digest> wanted = entry.reference().digest();
    if (wanted.isEmpty() || wanted.equals(pinned)) {
      return;
    }
    if (pinned.isEmpty()) {
      entries.put(name, entry);
    } else {
      problem(
          entry.place()
              + ": "
              + Text.quote(entry.reference().toString())
              + " has another digest at "
              + first.place()
              + ", and one tag can't be both");
    }
  }

  ImageList list() throws ImageListException {
    if (!problems.isEmpty()) {
      throw new ImageListException(problems);
    }
    return new ImageList(List.copyOf(entries.values()), duplicates);
  }
}
