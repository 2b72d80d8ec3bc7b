#ifndef Printable_h
#define Printable_h

#include <stddef.h>

class Print;

/* Something that knows how to print itself. */
class Printable {
 public:
  virtual size_t printTo(Print &p) const = 0;
};

#endif
