package io.mirrorimages.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.port.AdmissionCheck;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.EmptyRepositoryCheck;
import io.mirrorimages.mirror.port.ForwardingImageSource;
import io.mirrorimages.mirror.port.ForwardingImageTarget;
import io.mirrorimages.mirror.port.ForwardingUpload;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.LocalManifests;
import io.mirrorimages.mirror.port.LocalSource;
import io.mirrorimages.mirror.port.MultiEndpointSource;
import io.mirrorimages.mirror.port.PartialSource;
import io.mirrorimages.mirror.port.RandomAccessUpload;
import io.mirrorimages.mirror.port.RangeSource;
import io.mirrorimages.mirror.port.RateLimitedSource;
import io.mirrorimages.mirror.port.ReadableTarget;
import io.mirrorimages.mirror.port.ResumableUpload;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A decorator has every ability of what it wraps, also those that nobody has thought of yet. */
class AbilitiesTest {
  private static final List<Class<?>> PORTS =
      List.of(ImageSource.class, ImageTarget.class, BlobUpload.class);

  /** The interfaces that have a method {@code of} or {@code is} for a port, and one without. */
  static List<Class<?>> abilities() throws IOException, URISyntaxException {
    Path classes = Path.of(ImageSource.class.getResource("ImageSource.class").toURI()).getParent();
    List<Class<?>> abilities = new ArrayList<>(List.of(RandomAccessUpload.class));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(classes, "*.class")) {
      for (Path file : files) {
        String name = file.getFileName().toString().replace(".class", "");
        Class<?> type = load(ImageSource.class.getPackageName() + "." + name);
        if (type.isInterface() && port(type).isPresent()) {
          abilities.add(type);
        }
      }
    }
    return abilities;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ImageSource.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<Class<?>> port(Class<?> ability) {
    return Arrays.stream(ability.getDeclaredMethods())
        .filter(method -> Modifier.isStatic(method.getModifiers()))
        .filter(method -> method.getName().equals("of") || method.getName().equals("is"))
        .filter(method -> method.getParameterCount() == 1)
        .<Class<?>>map(method -> method.getParameterTypes()[0])
        .filter(PORTS::contains)
        .findFirst();
  }

  @Test
  void allAbilitiesAreFound() throws Exception {
    assertThat(abilities())
        .contains(
            RateLimitedSource.class,
            LocalManifests.class,
            PartialSource.class,
            RangeSource.class,
            MultiEndpointSource.class,
            LocalSource.class,
            ReadableTarget.class,
            EmptyRepositoryCheck.class,
            AdmissionCheck.class,
            ResumableUpload.class,
            RandomAccessUpload.class);
  }

  @ParameterizedTest
  @MethodSource("abilities")
  void aDecoratorHasTheAbilityOfWhatItWraps(Class<?> ability) {
    Class<?> port = port(ability).orElse(BlobUpload.class);
    Object able = implementing(port, ability);
    if (port == ImageSource.class) {
      ImageSource source = new ForwardingImageSource((ImageSource) able) {};
      assertThat(source.ability(ability).orElseThrow()).isSameAs(able);
    } else if (port == ImageTarget.class) {
      ImageTarget target = new ForwardingImageTarget((ImageTarget) able) {};
      assertThat(target.ability(ability).orElseThrow()).isSameAs(able);
    } else {
      BlobUpload upload = new ForwardingUpload((BlobUpload) able) {};
      assertThat(upload.ability(ability).orElseThrow()).isSameAs(able);
    }
  }

  @ParameterizedTest
  @MethodSource("abilities")
  void whatNobodyCanIsNotFound(Class<?> ability) {
    ImageSource source = implementing(ImageSource.class);
    ImageTarget target = implementing(ImageTarget.class);
    BlobUpload upload = implementing(BlobUpload.class);

    assertThat(new ForwardingImageSource(source) {}.ability(ability)).isEmpty();
    assertThat(new ForwardingImageTarget(target) {}.ability(ability)).isEmpty();
    assertThat(new ForwardingUpload(upload) {}.ability(ability)).isEmpty();
  }

  @Test
  void aDecoratorThatImplementsAnAbilityAnswersItself() {
    ImageSource inner = implementing(ImageSource.class, LocalManifests.class);
    ImageSource outer = new OwnManifests(inner);

    assertThat(outer.ability(LocalManifests.class).orElseThrow()).isSameAs(outer);
  }

  private static final class OwnManifests extends ForwardingImageSource implements LocalManifests {
    OwnManifests(ImageSource source) {
      super(source);
    }

    @Override
    public Optional<Manifest> localManifest(Digest digest) {
      return Optional.empty();
    }
  }

  private static <T> T implementing(Class<T> port, Class<?>... abilities) {
    Class<?>[] types =
        Stream.concat(Stream.of(port), Arrays.stream(abilities)).toArray(Class<?>[]::new);
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            types,
            (proxy, method, arguments) -> answer(proxy, method, arguments)));
  }

  private static Object answer(Object proxy, Method method, Object[] arguments) throws Throwable {
    return switch (method.getName()) {
      case "ability" -> InvocationHandler.invokeDefault(proxy, method, arguments);
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> proxy == arguments[0];
      case "toString" -> "a proxy";
      default -> throw new UnsupportedOperationException(method.getName());
    };
  }
}
