/* Written by `make headers` from src/capi/critical_section*.rs. */

/**
 * Nothing: the GIL is held.
 */
void PyCriticalSection_Begin(struct PyCriticalSection *_section, PyObject *_object);

/**
 * Nothing: the GIL is held.
 */
void PyCriticalSection_End(struct PyCriticalSection *_section);

/**
 * Nothing: the GIL is held.
 */
void PyCriticalSection2_Begin(struct PyCriticalSection2 *_section, PyObject *_a, PyObject *_b);

/**
 * Nothing: the GIL is held.
 */
void PyCriticalSection2_End(struct PyCriticalSection2 *_section);
