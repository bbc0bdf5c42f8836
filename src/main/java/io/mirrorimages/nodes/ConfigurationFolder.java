package io.mirrorimages.nodes;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A folder with the files of a configuration as a tree: what goes to {@code /etc/a} is {@code
 * FOLDER/etc/a}. The text of a file that is there is never changed.
 *
 * @param folder it is created if it is missing
 */
public record ConfigurationFolder(Path folder) {

  /**
   * Writes the files. Those that are there with the same text stay, and lose permissions that the
   * file is not to give.
   *
   * @return where they are, in the same order
   * @throws TransferException {@link FailureKind#EXISTS} if one is there with another text, or a
   *     file in the place of a folder; nothing is written then
   */
  public List<Path> write(List<NodeFile> files) throws IOException {
    List<Path> places = new ArrayList<>();
    for (NodeFile file : files) {
      Path place = place(file);
      requireFolders(place);
      if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !isSame(place, file)) {
        throw new TransferException(
            FailureKind.EXISTS,
            place + " exists with another content: remove it, or name another folder");
      }
      places.add(place);
    }
    for (int i = 0; i < places.size(); i++) {
      if (!Files.exists(places.get(i), LinkOption.NOFOLLOW_LINKS)) {
        create(places.get(i), files.get(i));
      } else {
        restrict(places.get(i), files.get(i));
      }
    }
    return places;
  }

  private Path place(NodeFile file) {
    Path place = folder.resolve(file.path().replaceFirst("^/+", "")).normalize();
    if (!place.toAbsolutePath().normalize().startsWith(folder.toAbsolutePath().normalize())) {
      throw new IllegalArgumentException(file.path() + " leads out of the folder");
    }
    return place;
  }

  /** Refuses a file where a folder has to be. */
  private static void requireFolders(Path place) throws TransferException {
    for (Path above = place.getParent(); above != null; above = above.getParent()) {
      if (Files.exists(above) && !Files.isDirectory(above)) {
        throw new TransferException(
            FailureKind.EXISTS, above + " is not a folder: name another folder");
      }
    }
  }

  private static boolean isSame(Path place, NodeFile file) throws IOException {
    return Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)
        && Files.size(place) <= Integer.MAX_VALUE / 2
        && Files.readString(place).equals(file.text());
  }

  private static void create(Path place, NodeFile file) throws IOException {
    if (place.getParent() != null) {
      Files.createDirectories(place.getParent());
    }
    Files.writeString(place, "", StandardOpenOption.CREATE_NEW);
    PosixFileAttributeView view = Files.getFileAttributeView(place, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(permissions(file));
    }
    Files.writeString(place, file.text());
  }

  /** Takes permissions away that the file is not to give; never gives more. */
  private static void restrict(Path place, NodeFile file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(place, PosixFileAttributeView.class);
    if (view != null && !permissions(file).containsAll(view.readAttributes().permissions())) {
      view.setPermissions(permissions(file));
    }
  }

  private static Set<PosixFilePermission> permissions(NodeFile file) {
    int mode = Integer.parseInt(file.mode(), 8);
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((mode & 0400 >> i) != 0) {
        permissions.add(all[i]);
      }
    }
    return permissions;
  }
}
