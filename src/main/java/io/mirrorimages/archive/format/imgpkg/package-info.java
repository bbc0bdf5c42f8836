/** Tars of imgpkg, the bundler of Carvel. */
@NullMarked
package io.mirrorimages.archive.format.imgpkg;

import org.jspecify.annotations.NullMarked;
