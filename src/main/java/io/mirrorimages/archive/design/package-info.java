/**
 * An archive before its first byte: from a plan to volumes, and in each the place of everything.
 */
package io.mirrorimages.archive.design;
