/** Small, valid images and other things that the tests of several packages share. */
package io.mirrorimages.testing;
