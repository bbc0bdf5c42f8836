/**
 * Image lists: text files in, references out, with the file and line each one came from. Everything
 * that is wrong with the lists is found before anything is transferred, and told at once.
 */
@NullMarked
package io.mirrorimages.list;

import org.jspecify.annotations.NullMarked;
